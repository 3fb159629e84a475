package mysqlagents.sidecar.donor;

import java.io.IOException;
import mysqlagents.backup.BackupEngine;
import mysqlagents.mysql.ServerVersion;

/// A way to take a backup that this pod has.
public sealed interface Engine permits ToolEngine, ClonePlugin {
  BackupEngine kind();

  /// Whether it can back up such a server.
  boolean fits(ServerVersion server);

  /// The program's own version, or the server's where the server itself does the work.
  ///
  /// @param serverVersion as `SELECT VERSION()` gives it
  String version(String serverVersion);

  /// Begins a backup. It may be that nothing happens before [BackupRun#writeTo].
  BackupRun begin(String backupId) throws BackupFailedException, IOException;

  /// What to do when a backup could not be taken for a reason that nobody has foreseen.
  String remedy();

  /// As people name it: `mariadb-backup 10.11.19-MariaDB`.
  ///
  /// @param serverVersion as `SELECT VERSION()` gives it
  default String name(String serverVersion) {
    return "%s %s".formatted(kind().word(), version(serverVersion));
  }
}
