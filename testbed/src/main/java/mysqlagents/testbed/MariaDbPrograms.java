package mysqlagents.testbed;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mysqlagents.mysql.ServerVersion.Flavour;

/// MariaDB, from the system's packages.
record MariaDbPrograms() implements ServerPrograms {
  private static final String LOG_SIZE = "innodb-log-file-size=16M";

  @Override
  public Flavour flavour() {
    return Flavour.MARIADB;
  }

  @Override
  public String title() {
    return "MariaDB";
  }

  @Override
  public String server() {
    return "mariadbd";
  }

  @Override
  public String client() {
    return "mariadb";
  }

  @Override
  public List<String> options() {
    List<String> options = new ArrayList<>(List.of(LOG_SIZE, "aria-pagecache-buffer-size=8M"));
    if (ServerPrograms.runsAsRoot()) {
      options.add("user=root");
    }
    return options;
  }

  @Override
  public List<String> installation(Path dataDirectory, Path sql, Path scratch) {
    return List.of(
        "mariadb-install-db",
        "--no-defaults",
        "--datadir=" + dataDirectory,
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
        "--skip-name-resolve",
        "--" + LOG_SIZE,
        // A starting server deletes what looks like a temporary table's leftover in its tmpdir: in
        // the one that all share, those of another server that is just being made.
        "--tmpdir=" + scratch,
        "--extra-file=" + sql);
  }

  @Override
  public String removeOtherAccounts() {
    return """
    DELETE FROM mysql.global_priv WHERE user = 'root' AND host <> 'localhost';
    FLUSH PRIVILEGES;
    """;
  }
}
