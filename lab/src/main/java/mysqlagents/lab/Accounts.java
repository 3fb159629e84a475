package mysqlagents.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import mysqlagents.files.AtomicFile;
import mysqlagents.testbed.SystemTables;

/// The set's database accounts, with passwords drawn at random and kept in files that only this
/// user can read.
///
/// As with the server's image, a new primary is made with root and an application's account; the
/// agents' accounts are agent-sidecar's to make.
final class Accounts {
  private final Map<Account, String> passwords = new EnumMap<>(Account.class);
  private final Path directory;

  /// Who may log in.
  enum Account {
    ROOT("root"),
    /// agent-sidecar's own.
    AGENT("agent"),
    /// The backup tool's.
    BACKUP("backup"),
    /// What replicas log in to the primary with.
    REPLICATION("replication"),
    /// An application's: it cannot write to a server that is read-only.
    APP("app");

    private final String user;

    Account(String user) {
      this.user = user;
    }

    String user() {
      return user;
    }
  }

  private Accounts(Path directory) {
    this.directory = directory;
  }

  /// Draws the passwords and writes `passwords/<user>`, as a Secret is mounted, and `app.cnf` for
  /// the server's client.
  static Accounts create(Path directory) throws IOException {
    Files.createDirectories(
        directory.resolve("passwords"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Accounts accounts = new Accounts(directory);
    for (Account account : Account.values()) {
      accounts.change(account);
    }
    write(
        accounts.clientFile(),
        "[client]\nuser=%s\npassword=%s\n"
            .formatted(Account.APP.user, accounts.password(Account.APP)));
    return accounts;
  }

  /// Draws a new password and replaces its file; what a user does to rotate it.
  String change(Account account) throws IOException {
    // MySQL's replicas take no password of more than 32 characters.
    String password = UUID.randomUUID().toString().replace("-", "");
    passwords.put(account, password);
    write(passwordFile(account), password + "\n");
    return password;
  }

  String password(Account account) {
    return passwords.getOrDefault(account, "");
  }

  Path passwordFile(Account account) {
    return directory.resolve("passwords").resolve(account.user);
  }

  /// Holds the application's user and password: `mysql --defaults-file=…`.
  Path clientFile() {
    return directory.resolve("app.cnf");
  }

  /// What a new primary is initialised with.
  String sql() {
    return SystemTables.account(Account.ROOT.user, password(Account.ROOT), "ALL PRIVILEGES")
        + SystemTables.account(
            Account.APP.user,
            password(Account.APP),
            "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX");
  }

  private static void write(Path file, String content) throws IOException {
    AtomicFile.write(file, content, "rw-------");
  }
}
