package mysqlagents.mysql;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Accounts of MySQL 5.7 to 9. It writes ALTER USER to its logs with a hash in the password's
/// place. Rights that are one word with underscores came with 8.0, in SUPER's stead.
final class MySqlAccounts implements AccountDialect {
  private static final String SCHEMA = "performance_schema";

  /// CHANGE MASTER and CHANGE REPLICATION SOURCE refuse more (error 3056), although an account may
  /// have it.
  private static final int LONGEST_OF_REPLICATION = 32;

  private final ServerVersion version;
  private final boolean dynamicRights;

  MySqlAccounts(ServerVersion version) {
    this.version = version;
    // 8.0.4 is the first with caching_sha2_password; what came before was no release.
    this.dynamicRights = version.isAtLeast(8, 0, 4);
  }

  @Override
  public Set<Right> rights(Duty duty) {
    return switch (duty) {
      case AGENT -> agent();
      case BACKUP -> backup();
      case REPLICATION -> Set.of(Right.global("REPLICATION SLAVE"));
    };
  }

  private Set<Right> agent() {
    // SYSTEM_VARIABLES_ADMIN: gtid_purged. CONNECTION_ADMIN: ALTER INSTANCE RELOAD TLS.
    Set<Right> rights =
        dynamicRights
            ? global(
                "RELOAD",
                "REPLICATION CLIENT",
                "REPLICATION_SLAVE_ADMIN",
                "SYSTEM_VARIABLES_ADMIN",
                "CONNECTION_ADMIN")
            : global("RELOAD", "SUPER", "REPLICATION CLIENT");
    rights.add(Right.select(SCHEMA, "replication_connection_status"));
    rights.add(Right.select(SCHEMA, "replication_connection_configuration"));
    if (CloneStatements.areKnownTo(version)) {
      // INSTALL PLUGIN clone.
      rights.add(Right.onTable("INSERT", "mysql", "plugin"));
    }
    return rights;
  }

  private Set<Right> backup() {
    Set<Right> rights = global("RELOAD", "PROCESS", "LOCK TABLES", "REPLICATION CLIENT");
    if (dynamicRights) {
      rights.add(Right.global("BACKUP_ADMIN"));
      rights.add(Right.select(SCHEMA, "log_status"));
      rights.add(Right.select(SCHEMA, "replication_group_members"));
    }
    if (CloneStatements.areKnownTo(version)) {
      // To see that there are tables of other engines; it allows nothing without other rights.
      rights.add(Right.global("REFERENCES"));
    }
    // To grant a right on a table that is not there is an error.
    if (version.isAtLeast(8, 0, 24)) {
      rights.add(Right.select(SCHEMA, "keyring_component_status"));
    }
    return rights;
  }

  private static Set<Right> global(String... names) {
    Set<Right> rights = new LinkedHashSet<>();
    List.of(names).forEach(name -> rights.add(Right.global(name)));
    return rights;
  }

  @Override
  public String plugin() {
    return dynamicRights ? CachingSha2Password.PLUGIN : NativePassword.PLUGIN;
  }

  @Override
  public int longestPassword(Duty duty) {
    return switch (duty) {
      case AGENT, BACKUP -> Integer.MAX_VALUE;
      case REPLICATION -> LONGEST_OF_REPLICATION;
    };
  }

  @Override
  public boolean isMadeFrom(String stored, Secret password) {
    return dynamicRights
        ? CachingSha2Password.isMadeFrom(stored, password)
        : NativePassword.isMadeFrom(stored, password);
  }

  /// The password comes with ALTER USER only. For an account that is there already, 8.0 writes that
  /// of CREATE USER IF NOT EXISTS to the binary log as it is, where everybody reads it who reads
  /// the log, and where a replica without the account takes it for a malformed hash (error 1827)
  /// and stops. Until then the account is locked.
  @Override
  public List<Sql> establish(AccountName account, Secret password, boolean requireCertificate) {
    Sql alter = AccountDialect.super.establish(account, password, requireCertificate).getLast();
    return List.of(
        Sql.of("CREATE USER IF NOT EXISTS ?@? ACCOUNT LOCK", account.user(), account.host()),
        new Sql(alter.text() + " ACCOUNT UNLOCK", alter.values()));
  }

  @Override
  public Sql identified(Secret password) {
    return Sql.of("IDENTIFIED WITH " + plugin() + " BY ?", password);
  }
}
