package mysqlagents.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every server is expected to do, whichever it is.
abstract class ServerContract {
  abstract DatabaseServer.Builder<?> server();

  @Test
  void writesSurviveAKillAndARestart() throws Exception {
    try (DatabaseServer server = server().binlog(true).serverId(107).start()) {
      server.execute(
          "CREATE DATABASE shop", "CREATE TABLE shop.t (a INT)", "INSERT INTO shop.t VALUES (7)");
      Checksums before = Checksums.of(server);
      server.kill();
      assertThat(server.isRunning()).isFalse();
      server.restart();
      assertThat(Checksums.of(server)).isEqualTo(before);
      assertThat(server.value("SELECT a FROM shop.t")).isEqualTo("7");
      assertThat(server.value("SELECT @@server_id")).isEqualTo("107");
      assertThat(server.value("SELECT @@log_bin")).isEqualTo("1");
    }
  }

  @Test
  void letsInNobodyButRootWithThePassword() throws Exception {
    try (DatabaseServer server = server().start()) {
      String accounts =
          "SELECT GROUP_CONCAT(user, '@', host ORDER BY host) FROM mysql.user"
              + " WHERE user NOT IN ('mariadb.sys', 'mysql.infoschema', 'mysql.session', 'mysql.sys')";
      assertThat(server.value(accounts)).isEqualTo("root@127.%,root@localhost");
      assertThat(server.value("SELECT @@log_bin")).isEqualTo("0");
      Properties noPassword = new Properties();
      noPassword.setProperty("user", "root");
      noPassword.setProperty("sslMode", "DISABLED");
      String url = "jdbc:mysql://%s:%d/".formatted(server.address(), server.port());
      assertThatThrownBy(() -> DriverManager.getConnection(url, noPassword))
          .hasMessageContaining("Access denied");
    }
  }

  @Test
  void leavesNothingBehindWhenClosed() throws Exception {
    DatabaseServer server = server().start();
    Path data = server.dataDirectory();
    long pid = server.pid();
    server.close();
    assertThat(data).doesNotExist();
    assertThat(server.configuration().getParent()).doesNotExist();
    assertThat(ProcessHandle.of(pid)).isEmpty();
  }

  @Test
  void aFrozenServerAnswersAgainOnceThawed() throws Exception {
    try (DatabaseServer server = server().start();
        Connection connection = server.connect()) {
      connection.setNetworkTimeout(Runnable::run, 500);
      server.freeze();
      assertThatThrownBy(() -> connection.createStatement().execute("SELECT 1"))
          .isInstanceOf(SQLException.class);
      server.thaw();
      assertThat(server.value("SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void keepsADataDirectoryThatWasGiven(@TempDir Path directory) throws Exception {
    Path data = directory.resolve("mysql");
    Path more = Files.writeString(directory.resolve("more.cnf"), "[mysqld]\nmax-connections=17\n");
    try (DatabaseServer server = server().dataDirectory(data).configurations(more).start()) {
      server.execute("CREATE DATABASE kept");
      assertThat(server.value("SELECT @@max_connections")).isEqualTo("17");
    }
    try (DatabaseServer server = server().dataDirectory(data).start()) {
      assertThat(server.value("SHOW DATABASES LIKE 'kept'")).isEqualTo("kept");
    }
  }

  @Test
  void showsTheServersOwnWordsWhenItDoesNotStart() {
    assertThatThrownBy(() -> server().options("--no-such-option").start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended at its start")
        .hasMessageContaining("no-such-option");
  }

  @Test
  void differentRowsGiveDifferentChecksums() throws Exception {
    try (DatabaseServer server = server().start()) {
      server.execute("CREATE DATABASE shop", "CREATE TABLE shop.`a``b` (a INT)");
      Checksums empty = Checksums.of(server);
      server.execute("INSERT INTO shop.`a``b` VALUES (1)");
      Checksums one = Checksums.of(server);
      server.execute("ALTER TABLE shop.`a``b` ADD INDEX (a)");
      assertThat(one).isNotEqualTo(empty).isNotEqualTo(Checksums.of(server));
      assertThat(one.tables()).containsOnlyKeys("`shop`.`a``b`");
    }
  }

  @Test
  void twoNetworksHaveDifferentAddresses() throws Exception {
    try (LoopbackNet one = LoopbackNet.reserve(3306);
        LoopbackNet two = LoopbackNet.reserve(3306);
        DatabaseServer server = server().address(one.pod(0)).port(3306).start()) {
      assertThat(one.pod(0)).isNotEqualTo(two.pod(0)).endsWith(".10").startsWith("127.");
      assertThat(one.podTemplate().replace("{ordinal}", "12")).isEqualTo(one.pod(12));
      assertThat(server.value("SELECT @@port")).isEqualTo("3306");
    }
  }
}
