package mysqlagents.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import mysqlagents.testbed.SystemTables;

/// The set's database accounts, with passwords drawn at random and kept in files that only this
/// user can read.
final class Accounts {
  private final Map<Account, String> passwords = new EnumMap<>(Account.class);
  private final Path directory;

  /// Who may log in, and what they may do.
  enum Account {
    ROOT("root", "ALL PRIVILEGES"),
    /// The agents' own.
    AGENT("agent", "ALL PRIVILEGES"),
    /// What replicas log in to the primary with.
    REPLICATION("replication", "REPLICATION SLAVE"),
    /// An application's: it cannot write to a server that is read-only.
    APP("app", "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX");

    private final String user;
    private final String rights;

    Account(String user, String rights) {
      this.user = user;
      this.rights = rights;
    }

    String user() {
      return user;
    }
  }

  private Accounts(Path directory) {
    this.directory = directory;
  }

  /// Draws the passwords and writes `<user>.password` for the agents and `<user>.cnf` for the
  /// `mariadb` client.
  static Accounts create(Path directory) throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Accounts accounts = new Accounts(directory);
    for (Account account : Account.values()) {
      String password = UUID.randomUUID().toString();
      accounts.passwords.put(account, password);
      write(accounts.passwordFile(account), password + "\n");
      write(
          accounts.clientFile(account),
          "[client]\nuser=%s\npassword=%s\n".formatted(account.user, password));
    }
    return accounts;
  }

  String password(Account account) {
    return passwords.getOrDefault(account, "");
  }

  Path passwordFile(Account account) {
    return directory.resolve(account.user + ".password");
  }

  /// Holds user and password: `mariadb --defaults-file=…`.
  Path clientFile(Account account) {
    return directory.resolve(account.user + ".cnf");
  }

  /// What a new primary is initialised with.
  String sql() {
    StringBuilder sql = new StringBuilder();
    passwords.forEach((account, password) ->
        sql.append(SystemTables.account(account.user, password, account.rights)));
    return sql.toString();
  }

  private static void write(Path file, String content) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, content);
  }
}
