package mysqlagents.sidecar;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mysqlagents.backup.BackupEngine;
import mysqlagents.backup.ToolPrograms;
import mysqlagents.files.Volume;
import mysqlagents.settings.Env;
import mysqlagents.settings.PeerAddresses;
import mysqlagents.settings.PodName;
import mysqlagents.sidecar.accounts.AccountSettings;
import mysqlagents.sidecar.donor.DonorSettings;
import mysqlagents.sidecar.replication.PositioningChoice;
import mysqlagents.sidecar.replication.ReplicationSettings;
import mysqlagents.tls.MysqldTlsFiles;
import mysqlagents.tls.TlsSettings;
import mysqlagents.wire.BackupProtocol;

/// Settings of agent-sidecar.
///
/// @param tls empty where the user has switched TLS off
/// @param engines what may take a backup, the first that fits
/// @param backupParallel how many files a backup tool copies at a time
/// @param lagLimit up to which a replica is ready to be read from
/// @param grace what a running backup has to finish in when the sidecar is stopped
record SidecarSettings(
    PodName pod,
    Volume volume,
    String listenAddress,
    int backupPort,
    int managementPort,
    Optional<TlsSettings> tls,
    String mysqlHost,
    int mysqlPort,
    AccountSettings accounts,
    ReplicationSettings replication,
    Duration pollInterval,
    Duration lagLimit,
    DonorSettings donor,
    List<BackupEngine> engines,
    int backupParallel,
    Duration grace,
    ToolPrograms programs) {

  static SidecarSettings from(Map<String, String> variables) {
    return Env.parse(variables, SidecarSettings::read);
  }

  private static SidecarSettings read(Env env) {
    PodName pod = env.podName();
    AccountSettings accounts = AccountSettings.from(env);
    Optional<TlsSettings> tls = TlsSettings.from(env);
    return new SidecarSettings(
        pod,
        new Volume(env.path("VOLUME_DIRECTORY", "/volume")),
        env.string("LISTEN_ADDRESS", "0.0.0.0"),
        env.port("BACKUP_PORT", BackupProtocol.DEFAULT_PORT),
        env.port("MANAGEMENT_PORT", 9307),
        tls,
        env.string("MYSQL_HOST", "127.0.0.1"),
        env.port("MYSQL_PORT", 3306),
        accounts,
        replication(env, accounts, tls),
        env.seconds("POLL_INTERVAL_SECONDS", 1, 60, 2),
        env.seconds("LAG_LIMIT_SECONDS", 0, 86_400, 30),
        donor(env, pod),
        env.optional("BACKUP_ENGINE", List.of(BackupEngine.values()), SidecarSettings::engines),
        (int) env.integer("BACKUP_PARALLEL", 1, 64, 1),
        env.seconds("GRACE_SECONDS", 0, 3_600, 20),
        ToolPrograms.from(env));
  }

  private static ReplicationSettings replication(
      Env env, AccountSettings accounts, Optional<TlsSettings> tls) {
    return new ReplicationSettings(
        PeerAddresses.from(env),
        env.port("REPLICATION_PORT", 3306),
        accounts.replication(),
        MysqldTlsFiles.from(env, tls),
        env.optional("POSITIONING", PositioningChoice.AUTO, PositioningChoice::parse));
  }

  private static DonorSettings donor(Env env, PodName pod) {
    return new DonorSettings(
        pod,
        env.seconds("DONOR_LAG_LIMIT_SECONDS", 0, 864_000, 600),
        env.integer("BACKUP_RATE_LIMIT_BYTES", 0, Long.MAX_VALUE, 0),
        env.seconds("STALL_LIMIT_SECONDS", 1, 3_600, 60),
        env.seconds("LOCKED_STALL_LIMIT_SECONDS", 1, 3_600, 10));
  }

  private static List<BackupEngine> engines(String text) {
    if (text.equals("auto")) {
      return List.of(BackupEngine.values());
    }
    try {
      return List.of(BackupEngine.named(text));
    } catch (IllegalArgumentException known) {
      throw new IllegalArgumentException("auto, " + known.getMessage(), known);
    }
  }
}
