package mysqlagents.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MariaDbServerIT {
  @Test
  void writesSurviveAKillAndARestart() throws Exception {
    try (MariaDbServer server = MariaDbServer.builder().binlog(true).serverId(107).start()) {
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
  void leavesNothingBehindWhenClosed() throws Exception {
    MariaDbServer server = MariaDbServer.builder().start();
    Path data = server.dataDirectory();
    long pid = server.pid();
    server.close();
    assertThat(data).doesNotExist();
    assertThat(server.configuration().getParent()).doesNotExist();
    assertThat(ProcessHandle.of(pid)).isEmpty();
  }

  @Test
  void aFrozenServerAnswersAgainOnceThawed() throws Exception {
    try (MariaDbServer server = MariaDbServer.builder().start();
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
    try (MariaDbServer server =
        MariaDbServer.builder().dataDirectory(data).configurations(more).start()) {
      server.execute("CREATE DATABASE kept");
      assertThat(server.value("SELECT @@max_connections")).isEqualTo("17");
    }
    try (MariaDbServer server = MariaDbServer.builder().dataDirectory(data).start()) {
      assertThat(server.value("SHOW DATABASES LIKE 'kept'")).isEqualTo("kept");
    }
  }

  @Test
  void showsTheServersOwnWordsWhenItDoesNotStart() {
    assertThatThrownBy(() -> MariaDbServer.builder().options("--no-such-option").start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("mariadbd ended at its start")
        .hasMessageContaining("no-such-option");
  }

  @Test
  void differentRowsGiveDifferentChecksums() throws Exception {
    try (MariaDbServer server = MariaDbServer.builder().start()) {
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
        MariaDbServer server = MariaDbServer.builder().address(one.pod(0)).port(3306).start()) {
      assertThat(one.pod(0)).isNotEqualTo(two.pod(0)).endsWith(".10").startsWith("127.");
      assertThat(one.podTemplate().replace("{ordinal}", "12")).isEqualTo(one.pod(12));
      assertThat(server.value("SELECT @@port")).isEqualTo("3306");
    }
  }

  /// A server deletes at its start what looks like a temporary table in its tmpdir. In the one that
  /// all share, that would be a table which another server is using.
  @Test
  void leavesTheTemporaryTablesOfOtherServersAlone() throws Exception {
    Path foreign = Files.createTempFile(Path.of("/tmp"), "#sql-temptable-", ".MAI");
    try (MariaDbServer _ = MariaDbServer.builder().start()) {
      assertThat(foreign).exists();
    } finally {
      Files.deleteIfExists(foreign);
    }
  }
}
