package mysqlagents.sidecar.donor;

import mysqlagents.backup.BackupEngine;
import mysqlagents.mysql.CloneStatements;
import mysqlagents.mysql.ServerVersion;
import mysqlagents.sidecar.server.Account;
import mysqlagents.sidecar.server.Endpoint;
import mysqlagents.sidecar.server.LogIn;
import mysqlagents.sidecar.server.Server;

/// MySQL's CLONE plugin: mysqld copies its data into a directory of the same volume, which is
/// streamed from there and removed. It needs no backup tool, and room for a second copy.
/// `docs/decisions/0010-clone-plugin.md` says when to prefer it.
public final class ClonePlugin implements Engine {
  private final Server server;
  private final LogIn logIn;
  private final DonationHome home;
  private final DonationSweep sweep;
  private final DataSize dataSize;

  /// @param server to install the plugin with
  /// @param backup the account that may copy
  /// @param home a directory that mysqld sees under the same path
  /// @param dataSize how much mysqld will copy
  public ClonePlugin(
      Server server, Endpoint endpoint, Account backup, DonationHome home, DataSize dataSize) {
    this.server = server;
    this.logIn = new LogIn(endpoint, backup);
    this.home = home;
    this.sweep = new DonationSweep(logIn, home);
    this.dataSize = dataSize;
    if (home.leftoversFound()) {
      sweep.begin();
    }
  }

  @Override
  public BackupEngine kind() {
    return BackupEngine.CLONE_PLUGIN;
  }

  @Override
  public boolean fits(ServerVersion version) {
    return CloneStatements.areKnownTo(version);
  }

  @Override
  public String version(String serverVersion) {
    return serverVersion;
  }

  @Override
  public DonationRun begin(String backupId) {
    return new DonationRun(
        new DonationChecks(server, logIn, home, sweep, dataSize),
        logIn,
        home,
        sweep,
        home.placeOf(backupId));
  }

  @Override
  public String remedy() {
    return "see the log of its agent-sidecar container; %s has to be one directory for mysqld and"
            .formatted(home.directory())
        + " agent-sidecar, which both can write to";
  }
}
