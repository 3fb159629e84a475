package mysqlagents.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Makes new data directories.
public final class SystemTables {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private SystemTables() {}

  /// Whether `dataDirectory` still has to be made.
  public static boolean areMissing(Path dataDirectory) {
    return !Files.exists(dataDirectory.resolve("mysql"));
  }

  /// Makes a data directory.
  ///
  /// @param accounts SQL, one statement a line; of the accounts that a new server has, only
  ///   `'root'@'localhost'` is there, without a password
  /// @param scratch a directory for the log and, for a moment, the SQL
  public static void install(
      ServerPrograms programs, Path dataDirectory, String accounts, Path scratch)
      throws IOException {
    Path sql = scratch.resolve("accounts.sql");
    Files.createFile(
        sql, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(sql, programs.removeOtherAccounts() + accounts);
    List<String> command = programs.installation(dataDirectory, sql, scratch);
    Path log = scratch.resolve("install.log");
    try (ChildProcess install = ChildProcess.start(command, Map.of(), log)) {
      if (install.waitFor(LIMIT) != 0) {
        throw new IOException("%s failed:%n%s".formatted(command.getFirst(), install.logTail(200)));
      }
    } finally {
      Files.deleteIfExists(sql);
    }
  }

  /// SQL that gives `name` the password and the rights, from any loopback address and over the
  /// socket.
  ///
  /// @param rights such as `SELECT, INSERT`, on everything; only `ALL PRIVILEGES` may be passed on
  public static String account(String name, String password, String rights) {
    StringBuilder sql = new StringBuilder();
    String grantOption = rights.equals("ALL PRIVILEGES") ? " WITH GRANT OPTION" : "";
    for (String host : List.of("localhost", "127.%")) {
      String account = "'%s'@'%s'".formatted(name, host);
      // In two statements, for root is there already.
      sql.append("CREATE USER IF NOT EXISTS %s;%n".formatted(account));
      sql.append("ALTER USER %s IDENTIFIED BY '%s';%n".formatted(account, password));
      sql.append("GRANT %s ON *.* TO %s%s;%n".formatted(rights, account, grantOption));
    }
    return sql.toString();
  }
}
