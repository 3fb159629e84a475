package mysqlagents.mysql;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Accounts of MariaDB 10.11 and 11. They are told the hash of a password, never the password:
/// MariaDB writes CREATE USER and ALTER USER to its binary log as they are.
final class MariaDbAccounts implements AccountDialect {
  /// The JDBC driver knows neither ed25519 nor parsec.
  private static final String PLUGIN = NativePassword.PLUGIN;

  @Override
  public Set<Right> rights(Duty duty) {
    List<String> names =
        switch (duty) {
          // RELOAD: RESET SLAVE, FLUSH ENGINE LOGS, FLUSH SSL. READ_ONLY ADMIN: gtid_slave_pos is a
          // table, which a read-only replica lets nobody else write.
          case AGENT ->
              List.of("RELOAD", "READ_ONLY ADMIN", "REPLICATION SLAVE ADMIN", "SLAVE MONITOR");
          // LOCK TABLES: the tool's BACKUP LOCK, which not every backup comes to.
          case BACKUP ->
              List.of("RELOAD", "PROCESS", "LOCK TABLES", "BINLOG MONITOR", "SLAVE MONITOR");
          case REPLICATION -> List.of("REPLICATION SLAVE");
        };
    Set<Right> rights = new LinkedHashSet<>();
    names.forEach(name -> rights.add(Right.global(name)));
    return rights;
  }

  @Override
  public String plugin() {
    return PLUGIN;
  }

  @Override
  public int longestPassword(Duty duty) {
    return Integer.MAX_VALUE;
  }

  @Override
  public boolean isMadeFrom(String stored, Secret password) {
    return NativePassword.isMadeFrom(stored, password);
  }

  @Override
  public Sql identified(Secret password) {
    return Sql.of("IDENTIFIED VIA " + PLUGIN + " USING ?", NativePassword.hash(password));
  }
}
