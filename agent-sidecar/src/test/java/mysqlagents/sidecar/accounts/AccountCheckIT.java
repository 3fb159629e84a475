package mysqlagents.sidecar.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import mysqlagents.main.AgentFailure;
import mysqlagents.sidecar.server.Endpoint;
import mysqlagents.sidecar.server.LogIn;
import mysqlagents.sidecar.server.NoAnswerException;
import mysqlagents.sidecar.server.Session;
import mysqlagents.testbed.MariaDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What one look at the accounts does to a real server.
class AccountCheckIT {
  private static final String OURS =
      "(user = 'agent' AND host = '127.%' OR user = 'backup' AND host = '127.%'"
          + " OR user = 'replication' AND host = '%')";

  @SuppressWarnings("NullAway.Init")
  private static MariaDbServer server;

  @TempDir Path directory;

  @SuppressWarnings("NullAway.Init")
  private PasswordDirectory passwords;

  @BeforeAll
  static void start() throws Exception {
    server = MariaDbServer.builder().binlog(true).start();
    server.execute("CREATE DATABASE d", "CREATE TABLE d.t (a INT, b INT)");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void dropAccounts() throws Exception {
    passwords = PasswordDirectory.create(directory.resolve("passwords"), server);
    server.execute(
        "DROP USER IF EXISTS agent@'127.%', backup@'127.%', replication@'%', replication@'10.%',"
            + " agent@'10.%', app@'%'");
  }

  private static Endpoint endpoint() {
    return new Endpoint(server.address(), server.port());
  }

  private void check(boolean replicasNeedCertificate) throws Exception {
    try (Session root = Session.open(new LogIn(endpoint(), passwords.account("root")))) {
      new AccountCheck(passwords.settings().all(), replicasNeedCertificate).run(root);
    }
  }

  private static String grants(String account) throws SQLException {
    StringBuilder all = new StringBuilder();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION sql_mode = '', sql_quote_show_create = 1");
      try (ResultSet rows = statement.executeQuery("SHOW GRANTS FOR " + account)) {
        while (rows.next()) {
          all.append(rows.getString(1).replaceFirst("IDENTIFIED BY PASSWORD '[^']*'", "…"))
              .append('\n');
        }
      }
    }
    return all.toString();
  }

  /// Every account but ours, exactly as the server keeps it.
  private static Map<String, String> others() throws SQLException {
    Map<String, String> all = new TreeMap<>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT CONCAT(user, '@', host), priv FROM mysql.global_priv WHERE NOT " + OURS)) {
      while (rows.next()) {
        all.put(rows.getString(1), rows.getString(2));
      }
    }
    return all;
  }

  private static String binaryLogPosition() throws SQLException {
    return String.valueOf(server.value("SELECT @@gtid_binlog_pos"));
  }

  private LogIn logIn(String user) {
    return new LogIn(endpoint(), passwords.account(user));
  }

  private void assertExactRights() throws SQLException {
    assertThat(grants("agent@'127.%'"))
        .isEqualTo(
            "GRANT RELOAD, READ_ONLY ADMIN, REPLICATION SLAVE ADMIN, SLAVE MONITOR ON *.* TO"
                + " `agent`@`127.%` …\n");
    assertThat(grants("backup@'127.%'"))
        .isEqualTo(
            "GRANT RELOAD, PROCESS, LOCK TABLES, BINLOG MONITOR, SLAVE MONITOR ON *.* TO"
                + " `backup`@`127.%` …\n");
    assertThat(grants("replication@'%'"))
        .isEqualTo("GRANT REPLICATION SLAVE ON *.* TO `replication`@`%` …\n");
  }

  @Test
  void makesTheThreeAccountsFromNothing() throws Exception {
    Map<String, String> before = others();

    check(false);

    assertExactRights();
    for (ManagedAccount account : passwords.settings().all()) {
      LogIn logIn = logIn(account.account().user());
      assertThat(logIn.workingPassword()).isEqualTo(account.account().password());
    }
    assertThat(others()).isEqualTo(before);
  }

  @Test
  void writesNothingWhereNothingHasToChange() throws Exception {
    check(true);
    String position = binaryLogPosition();

    check(true);

    assertThat(binaryLogPosition()).isEqualTo(position);
  }

  /// The accounts reach the replicas by it.
  @Test
  void leavesTheHashButNeverThePasswordInTheBinaryLog() throws Exception {
    passwords.write("agent", "plain-and-easy-to-find");
    String before = binaryLogPosition();

    check(false);

    assertThat(binaryLogPosition()).isNotEqualTo(before);
    server.execute("FLUSH BINARY LOGS");
    boolean found = false;
    try (var files = Files.newDirectoryStream(server.dataDirectory(), "mysql-bin.0*")) {
      for (Path file : files) {
        String content = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(content).doesNotContain("plain-and-easy-to-find");
        found |= content.contains("CREATE USER IF NOT EXISTS 'agent'@'127.%'");
      }
    }
    assertThat(found).isTrue();
  }

  @Test
  void needsACertificateOfReplicasOnlyWithTls() throws Exception {
    check(true);
    assertThat(grants("replication@'%'"))
        .isEqualTo("GRANT REPLICATION SLAVE ON *.* TO `replication`@`%` … REQUIRE X509\n");
    assertThat(grants("agent@'127.%'")).doesNotContain("REQUIRE");
    assertThat(grants("backup@'127.%'")).doesNotContain("REQUIRE");

    check(false);
    assertThat(grants("replication@'%'")).doesNotContain("REQUIRE");
  }

  @Test
  void takesAwayWhateverIsTooMuch() throws Exception {
    server.execute(
        "CREATE USER agent@'127.%' IDENTIFIED BY 'x'",
        "GRANT ALL ON *.* TO agent@'127.%' WITH GRANT OPTION",
        "CREATE USER backup@'127.%' IDENTIFIED BY 'x'",
        "CREATE OR REPLACE ROLE r",
        "CREATE OR REPLACE PROCEDURE d.p() SELECT 1",
        "GRANT r TO backup@'127.%' WITH ADMIN OPTION",
        "GRANT SUPER, RELOAD ON *.* TO backup@'127.%'",
        "GRANT ALL ON d.* TO backup@'127.%'",
        "GRANT SELECT (a), UPDATE ON d.t TO backup@'127.%' WITH GRANT OPTION",
        "GRANT EXECUTE ON PROCEDURE d.p TO backup@'127.%'",
        "GRANT PROXY ON root@'localhost' TO backup@'127.%'",
        "CREATE USER replication@'%' IDENTIFIED BY 'x'",
        "GRANT SELECT ON `wh?t`.* TO replication@'%'",
        "GRANT REPLICATION SLAVE ON *.* TO replication@'%'");

    check(false);

    assertExactRights();
    String position = binaryLogPosition();
    check(false);
    assertThat(binaryLogPosition()).isEqualTo(position);
  }

  @Test
  void givesBackWhatIsMissing() throws Exception {
    check(false);
    server.execute(
        "REVOKE RELOAD ON *.* FROM agent@'127.%'",
        "ALTER USER backup@'127.%' PASSWORD EXPIRE",
        "ALTER USER replication@'%' IDENTIFIED BY 'changed by somebody' REQUIRE SSL");

    check(false);

    assertExactRights();
    assertThat(logIn("backup").workingPassword()).isNotNull();
    assertThat(logIn("replication").workingPassword()).isNotNull();
  }

  @Test
  void touchesNoAccountOfTheUsersEvenOfTheSameName() throws Exception {
    server.execute(
        "CREATE USER replication@'10.%' IDENTIFIED BY 'mine'",
        "GRANT ALL ON *.* TO replication@'10.%'",
        "CREATE USER agent@'10.%' IDENTIFIED BY 'mine' REQUIRE SSL",
        "CREATE USER app@'%' IDENTIFIED BY 'mine'",
        "GRANT SELECT ON d.* TO app@'%' WITH GRANT OPTION");
    Map<String, String> before = others();
    assertThat(before).containsKeys("replication@10.%", "agent@10.%", "app@%");
    String grants = grants("app@'%'");

    check(true);

    assertThat(others()).isEqualTo(before);
    assertThat(grants("app@'%'")).isEqualTo(grants);
  }

  @Test
  void setsARotatedPassword() throws Exception {
    check(false);
    passwords.write("agent", "new\n" + PasswordDirectory.NASTY + "agent\n");
    assertThat(logIn("agent").workingPassword().value()).endsWith("agent");

    check(false);

    assertThat(logIn("agent").workingPassword().value()).isEqualTo("new");
    assertExactRights();
  }

  @Test
  void neverSetsAnEmptyPassword() throws Exception {
    check(false);
    String position = binaryLogPosition();
    passwords.write("agent", "another");
    passwords.write("replication", "\n");

    assertThatThrownBy(() -> check(false))
        .isInstanceOf(AgentFailure.class)
        .hasMessage(
            "the password of 'replication' in %s is empty, so the accounts are left as they are"
                .formatted(passwords.file("replication")));
    assertThat(binaryLogPosition()).isEqualTo(position);
  }

  @Test
  void saysThatRootIsRefused() throws Exception {
    passwords.write("root", "wrong");
    assertThatThrownBy(() -> check(false))
        .isInstanceOfSatisfying(
            NoAnswerException.class, failure -> assertThat(failure.isRefused()).isTrue())
        .hasMessageContaining("refuses 'root': Access denied");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ANSI_QUOTES,NO_BACKSLASH_ESCAPES", "ORACLE"})
  void doesNotDependOnTheServersSqlMode(String mode) throws Exception {
    server.execute(
        "SET GLOBAL sql_mode = '%s'".formatted(mode), "SET GLOBAL sql_quote_show_create = 0");
    try {
      check(false);
      server.execute(
          "GRANT SELECT ON d.t TO agent@'127.%'", "GRANT SELECT ON d.t TO replication@'%'");
      check(false);
      assertExactRights();
      assertThat(logIn("backup").workingPassword().value()).endsWith("backup");
    } finally {
      server.execute("SET GLOBAL sql_mode = DEFAULT", "SET GLOBAL sql_quote_show_create = 1");
    }
  }
}
