package mysqlagents.sidecar;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import mysqlagents.files.Volume;
import mysqlagents.settings.Env;
import mysqlagents.settings.PeerAddresses;
import mysqlagents.settings.PodName;
import mysqlagents.sidecar.donor.DonorSettings;
import mysqlagents.sidecar.replication.PositioningChoice;
import mysqlagents.sidecar.replication.ReplicationSettings;
import mysqlagents.sidecar.server.Account;
import mysqlagents.tls.MysqldTlsFiles;
import mysqlagents.tls.TlsSettings;
import mysqlagents.wire.BackupProtocol;

/// Settings of agent-sidecar.
///
/// @param tls the pod's certificate; empty where TLS is switched off
/// @param mysqlAccount backups are taken, and replication is managed, by this account
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
    Account mysqlAccount,
    ReplicationSettings replication,
    Duration pollInterval,
    Duration lagLimit,
    DonorSettings donor,
    Duration grace,
    String mariadbBackupProgram,
    String xtrabackupProgram) {

  static SidecarSettings from(Map<String, String> variables) {
    return Env.parse(variables, SidecarSettings::read);
  }

  private static SidecarSettings read(Env env) {
    PodName pod = env.podName();
    Optional<TlsSettings> tls = TlsSettings.from(env);
    Account account =
        new Account(env.string("MYSQL_USER", "root"), file(env, "MYSQL_PASSWORD_FILE"));
    return new SidecarSettings(
        pod,
        new Volume(env.path("VOLUME_DIRECTORY", "/volume")),
        env.string("LISTEN_ADDRESS", "0.0.0.0"),
        env.port("BACKUP_PORT", BackupProtocol.DEFAULT_PORT),
        env.port("MANAGEMENT_PORT", 9307),
        tls,
        env.string("MYSQL_HOST", "127.0.0.1"),
        env.port("MYSQL_PORT", 3306),
        account,
        replication(env, account, tls),
        env.seconds("POLL_INTERVAL_SECONDS", 1, 60, 2),
        env.seconds("LAG_LIMIT_SECONDS", 0, 86_400, 30),
        donor(env, pod),
        env.seconds("GRACE_SECONDS", 0, 3_600, 20),
        env.string("MARIADB_BACKUP_PROGRAM", "mariadb-backup"),
        env.string("XTRABACKUP_PROGRAM", "xtrabackup"));
  }

  private static ReplicationSettings replication(
      Env env, Account ifUnset, Optional<TlsSettings> tls) {
    Optional<Path> passwordFile = file(env, "REPLICATION_PASSWORD_FILE");
    Optional<String> user = env.optional("REPLICATION_USER", text -> text);
    // A user of its own without a password file has no password, not the other user's.
    Account account =
        new Account(
            user.orElse(ifUnset.user()),
            user.isPresent() || passwordFile.isPresent() ? passwordFile : ifUnset.passwordFile());
    return new ReplicationSettings(
        PeerAddresses.from(env),
        env.port("REPLICATION_PORT", 3306),
        account,
        MysqldTlsFiles.from(env, tls),
        env.optional("POSITIONING", PositioningChoice.AUTO, PositioningChoice::parse));
  }

  private static DonorSettings donor(Env env, PodName pod) {
    return new DonorSettings(
        pod,
        env.seconds("DONOR_LAG_LIMIT_SECONDS", 0, 864_000, 600),
        env.integer("BACKUP_RATE_LIMIT_BYTES", 0, Long.MAX_VALUE, 0),
        env.seconds("STALL_LIMIT_SECONDS", 1, 3_600, 60),
        env.seconds("LOCKED_STALL_LIMIT_SECONDS", 1, 3_600, 10),
        (int) env.integer("BACKUP_PARALLEL", 1, 64, 1));
  }

  private static Optional<Path> file(Env env, String name) {
    return env.optional(name, Path::of);
  }
}
