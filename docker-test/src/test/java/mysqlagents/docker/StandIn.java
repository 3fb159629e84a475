package mysqlagents.docker;

import java.nio.charset.StandardCharsets;

/// Images whose name begins with `standin/` are made from packages where no image registry is to be
/// had. They are like the public ones, but for what is amended here.
final class StandIn {
  private static final String FILE = "one-root.sql";

  private static final String OF_MARIADB = "DROP USER IF EXISTS root@'127.0.0.1', root@'::1'";

  /// Which has no IF EXISTS there.
  private static final String OF_MYSQL_5_6 =
      "DELETE FROM mysql.user WHERE user = 'root' AND host IN ('127.0.0.1', '::1')";

  private StandIn() {}

  static MysqlSet amend(MysqlSet set) {
    if (set.serverImage().startsWith("standin/mariadb")) {
      return leaveOneRoot(set, OF_MARIADB);
    }
    return set.serverImage().equals("standin/mysql:5.6") ? leaveOneRoot(set, OF_MYSQL_5_6) : set;
  }

  /// Some come with two more roots, who have no password and keep the sidecar from being
  /// `root@'%'`.
  private static MysqlSet leaveOneRoot(MysqlSet set, String statement) {
    String file = "SET sql_log_bin = 0;%n%s;%nFLUSH PRIVILEGES;%n".formatted(statement);
    set.secrets().files().put(FILE, file.getBytes(StandardCharsets.US_ASCII));
    return set.configure("primary.cnf", "init-file=/etc/mysql-agents/" + FILE);
  }
}
