package mysqlagents.sidecar.accounts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import mysqlagents.sidecar.server.Account;
import mysqlagents.testbed.MariaDbServer;

/// A directory of password files, like a mounted Secret.
record PasswordDirectory(Path directory) {
  /// What SQL, option files and line ends could misread.
  static final String NASTY = "it's \\ \"n\u00e4sty\" #; -- ? %s $x` ";

  static PasswordDirectory create(Path directory, MariaDbServer server) throws IOException {
    PasswordDirectory passwords = new PasswordDirectory(Files.createDirectories(directory));
    passwords.write("root", server.rootPassword() + "\n");
    passwords.write("agent", NASTY + "agent\n");
    passwords.write("backup", NASTY + "backup\r\n");
    passwords.write("replication", NASTY + "rpl");
    return passwords;
  }

  void write(String user, String content) throws IOException {
    Files.writeString(file(user), content);
  }

  Path file(String user) {
    return directory.resolve(user);
  }

  Account account(String user) {
    return new Account(user, Optional.of(file(user)));
  }

  AccountSettings settings() {
    return new AccountSettings(
        account("agent"), account("backup"), account("replication"), true, file("root"), false);
  }

  /// The same for a sidecar's environment.
  Map<String, String> variables(MariaDbServer server) {
    return new HashMap<>(
        Map.of(
            "TLS", "off",
            "MANAGE_ACCOUNTS", "true",
            "MYSQL_HOST", server.address(),
            "MYSQL_PORT", Integer.toString(server.port()),
            "POLL_INTERVAL_SECONDS", "1",
            "ROOT_PASSWORD_FILE", file("root").toString(),
            "MYSQL_PASSWORD_FILE", file("agent").toString(),
            "BACKUP_PASSWORD_FILE", file("backup").toString(),
            "REPLICATION_PASSWORD_FILE", file("replication").toString()));
  }
}
