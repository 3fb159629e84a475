package mysqlagents.sidecar.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mysqlagents.main.AgentFailure;
import mysqlagents.mysql.AccountDialect;
import mysqlagents.mysql.Dialect;
import mysqlagents.mysql.Duty;
import mysqlagents.mysql.GtidSet;
import mysqlagents.mysql.ReplicationSource;
import mysqlagents.mysql.Right;
import mysqlagents.mysql.Secret;
import mysqlagents.mysql.ServerVersion;
import mysqlagents.mysql.Sql;
import mysqlagents.sidecar.server.Account;
import mysqlagents.sidecar.server.Endpoint;
import mysqlagents.sidecar.server.LogIn;
import mysqlagents.sidecar.server.Session;
import mysqlagents.testbed.MariaDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The rights are enough for the work, and none of them can be done without; on a server that is
/// read-only, like a replica.
class RightsIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @SuppressWarnings("NullAway.Init")
  private static MariaDbServer server;

  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    server =
        MariaDbServer.builder().binlog(true).options("--read-only", "--skip-slave-start").start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static ServerVersion version() throws SQLException {
    return ServerVersion.parse(String.valueOf(server.value("SELECT VERSION()")));
  }

  private static void account(String user, Set<Right> rights) throws SQLException {
    List<String> names = rights.stream().map(Right::name).toList();
    server.execute(
        "CREATE OR REPLACE USER %s@'127.%%' IDENTIFIED BY 'x'".formatted(user),
        "GRANT %s ON *.* TO %s@'127.%%'".formatted(String.join(", ", names), user));
  }

  private static Set<Right> rights(Duty duty) throws SQLException, AgentFailure {
    return AccountDialect.of(version()).rights(duty);
  }

  private static Set<Right> without(Set<Right> rights, String name) {
    Set<Right> rest = new LinkedHashSet<>(rights);
    assertThat(rest.removeIf(right -> right.name().equals(name))).isTrue();
    return rest;
  }

  /// All that the sidecar ever tells its server, in an order that works.
  private static List<Sql> agentsWork() throws SQLException, AgentFailure {
    Dialect dialect = Dialect.of(version());
    ReplicationSource source =
        new ReplicationSource("127.0.0.1", 1, "nobody", new Secret("x"), Optional.empty());
    List<Sql> work = new ArrayList<>(dialect.stopAndReset(List.of()));
    work.addAll(dialect.declareHeld(GtidSet.parse("7-7-7")));
    work.add(dialect.followByGtid(source));
    work.add(dialect.followFrom(source, "mysql-bin.000001", 4));
    work.add(dialect.flushEngineLogs());
    work.add(dialect.redoProgress().orElseThrow());
    work.add(dialect.start(""));
    work.add(dialect.startCommands());
    work.add(dialect.showReplicaStatus());
    work.add(dialect.showProcesses());
    work.add(dialect.appliedGtidSet());
    work.add(dialect.gtidUsable());
    work.add(dialect.stopToReconnect(""));
    work.add(dialect.reconnectAs("", source));
    work.add(dialect.reloadCertificates().orElseThrow());
    work.add(dialect.stop(""));
    work.addAll(dialect.stopAndReset(List.of()));
    work.add(new Sql("FLUSH SSL", List.of()));
    return work;
  }

  private void doAgentsWork() throws Exception {
    Path file = Files.writeString(directory.resolve("password"), "x");
    Endpoint endpoint = new Endpoint(server.address(), server.port());
    LogIn logIn = new LogIn(endpoint, new Account("agent", Optional.of(file)));
    try (Session session = Session.open(logIn)) {
      for (Sql sql : agentsWork()) {
        session.execute(sql, LIMIT);
      }
    }
  }

  @Test
  void theAgentCanDoAllItsWork() throws Exception {
    account("agent", rights(Duty.AGENT));
    doAgentsWork();
  }

  /// What the server says names the right, but for READ_ONLY ADMIN: there it names what is in the
  /// way.
  @ParameterizedTest
  @CsvSource({
    "RELOAD, RELOAD",
    "REPLICATION SLAVE ADMIN, REPLICATION SLAVE ADMIN",
    "SLAVE MONITOR, SLAVE MONITOR",
    "READ_ONLY ADMIN, refused 'SET GLOBAL gtid_slave_pos = ?': The MariaDB server is running with the"
        + " --read-only option"
  })
  void theAgentCannotDoWithout(String right, String message) throws Exception {
    account("agent", without(rights(Duty.AGENT), right));
    assertThatThrownBy(this::doAgentsWork)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining(message);
  }

  @Test
  void theAgentHasNoOtherRightsThanThoseTested() throws Exception {
    assertThat(rights(Duty.AGENT)).hasSize(4);
    assertThat(rights(Duty.REPLICATION)).hasSize(1);
  }

  @Test
  void theAgentCannotReadOrWriteDataOrAccounts() throws Exception {
    account("agent", rights(Duty.AGENT));
    server.execute("CREATE DATABASE IF NOT EXISTS d", "CREATE TABLE IF NOT EXISTS d.t (a INT)");
    Path file = Files.writeString(directory.resolve("password"), "x");
    Endpoint endpoint = new Endpoint(server.address(), server.port());
    LogIn logIn = new LogIn(endpoint, new Account("agent", Optional.of(file)));
    try (Session session = Session.open(logIn)) {
      for (String sql :
          List.of(
              "SELECT * FROM d.t",
              "INSERT INTO d.t VALUES (1)",
              "SELECT * FROM mysql.global_priv",
              "CREATE USER another@'%'")) {
        assertThatThrownBy(() -> session.execute(new Sql(sql, List.of()), LIMIT))
            .as(sql)
            .isInstanceOf(SQLException.class)
            .hasMessageMatching("(?s).*(denied|read-only).*");
      }
    }
  }

  private int backup(Set<Right> rights) throws Exception {
    account("backup", rights);
    Path options = directory.resolve("client.cnf");
    Files.writeString(
        options,
        "[client]\nhost=%s\nport=%d\nuser=backup\npassword=x\n"
            .formatted(server.address(), server.port()));
    Path target = Files.createDirectories(directory.resolve("target"));
    return new ProcessBuilder(
            "mariadb-backup",
            "--defaults-file=" + options,
            "--backup",
            "--stream=xbstream",
            "--slave-info",
            "--target-dir=" + target)
        .directory(target.toFile())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(directory.resolve("tool.log").toFile())
        .start()
        .waitFor();
  }

  /// Nor does the tool complain of anything, which is when it prints hashes.
  @Test
  void theBackupToolHasWhatItNeeds() throws Exception {
    assertThat(backup(rights(Duty.BACKUP))).isZero();
    assertThat(Files.readString(directory.resolve("tool.log")))
        .doesNotContain("privilege")
        .doesNotContain("GRANT ")
        .doesNotContain("denied");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RELOAD", "PROCESS", "BINLOG MONITOR", "SLAVE MONITOR"})
  void theBackupToolCannotDoWithout(String right) throws Exception {
    assertThat(backup(without(rights(Duty.BACKUP), right))).isNotZero();
    assertThat(Files.readString(directory.resolve("tool.log"))).contains(right);
  }
}
