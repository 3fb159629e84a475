package mysqlagents.sidecar.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import mysqlagents.journal.ReplicationRecord;
import mysqlagents.journal.ReplicationRecord.Positioning;
import mysqlagents.journal.ReplicationRecord.Step;
import mysqlagents.mysql.ReplicaStatus;
import mysqlagents.sidecar.donor.LogLines;
import mysqlagents.sidecar.replication.ReplicationState.Broken;
import mysqlagents.sidecar.replication.ReplicationState.Connecting;
import mysqlagents.sidecar.replication.ReplicationState.Running;
import mysqlagents.sidecar.replication.ReplicationState.Stopped;
import mysqlagents.sidecar.replication.ReplicationState.Unconfigured;
import mysqlagents.sidecar.replication.ReplicationState.Unknown;
import mysqlagents.sidecar.server.Account;
import mysqlagents.sidecar.server.Server;
import mysqlagents.testbed.Checksums;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One replica after the other, of one primary that stays.
class ReplicationSupervisorIT {
  @SuppressWarnings("NullAway.Init")
  private static Pods pods;

  @BeforeAll
  static void startPrimary() throws Exception {
    pods = new Pods();
  }

  @AfterAll
  static void stopPrimary() throws Exception {
    pods.close();
  }

  /// Over several looks of the supervisor.
  private static void staysIn(ReplicationSupervisor supervisor, Class<?> state) {
    await()
        .during(Pods.POLL.multipliedBy(8))
        .atMost(Duration.ofSeconds(20))
        .until(supervisor::state, state::isInstance);
  }

  private static void awaitSameRows(Pods.Pod replica) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThat(Checksums.of(replica.mysqld)).isEqualTo(Checksums.of(pods.primary)));
  }

  /// A replica that has been set up from its manifest and runs.
  private static void withRunning(PositioningChoice positioning, Scenario scenario)
      throws Exception {
    try (Pods.Pod replica = pods.replica()) {
      replica.journal.write(pods.manifest());
      try (ReplicationSupervisor supervisor = replica.supervisor(pods.settings(positioning))) {
        Patience.awaitState(supervisor, Running.class);
        scenario.play(replica, supervisor);
      }
    }
  }

  private interface Scenario {
    void play(Pods.Pod replica, ReplicationSupervisor supervisor) throws Exception;
  }

  private static void sql(Pods.Pod replica, String... statements) throws SQLException {
    replica.mysqld.execute(statements);
  }

  @Test
  void prefersGtidAndFollows() throws Exception {
    withRunning(
        PositioningChoice.AUTO,
        (replica, supervisor) -> {
          assertThat(replica.journal.replication().orElseThrow().positioning())
              .isEqualTo(Positioning.GTID);
          assertThat(supervisor.status().orElseThrow().usesGtid()).isTrue();
          pods.write();
          awaitSameRows(replica);
          // The last look may be one from before it caught up.
          await()
              .atMost(Duration.ofSeconds(20))
              .until(supervisor::state, state -> state.isReady(Duration.ofSeconds(5)));
          assertThat(supervisor.restarts()).isZero();
          assertThat(supervisor.errorNumber()).isZero();
        });
  }

  /// Once for each start of mysqld, and it goes on.
  @Test
  void warnsOfAServerThatIsNotSupported() throws Exception {
    try (LogLines log = LogLines.of("mysqlagents.sidecar.replication");
        Pods.Pod replica = pods.replica("--skip-slave-start", "--version=5.5.5-10.6.20-MariaDB")) {
      replica.journal.write(pods.manifest());
      try (ReplicationSupervisor supervisor = replica.supervisor()) {
        Patience.awaitState(supervisor, Running.class);
        staysIn(supervisor, Running.class);
        assertThat(warnings(log)).hasSize(1);
        replica.mysqld.stop();
        Patience.awaitState(supervisor, Unknown.class);
        replica.mysqld.restart();
        Patience.awaitState(supervisor, Running.class);
        staysIn(supervisor, Running.class);
        assertThat(warnings(log))
            .hasSize(2)
            .allSatisfy(line -> assertThat(line).contains("or MariaDB 10.11 or 11.x"));
      }
    }
  }

  private static List<String> warnings(LogLines log) {
    return log.lines().stream()
        .filter(
            line -> line.startsWith("MariaDB 10.6.20 is not a server that mysql-agents supports"))
        .toList();
  }

  @Test
  void saysNothingOfASupportedServer() throws Exception {
    try (LogLines log = LogLines.of("mysqlagents.sidecar.replication")) {
      withRunning(PositioningChoice.AUTO, (_, _) -> {});
      assertThat(log.lines()).isNotEmpty().noneMatch(line -> line.contains("supports"));
    }
  }

  @Test
  void forgetsTheSettingsThatTheCloneBroughtAlong() throws Exception {
    try (Pods.Pod replica = pods.replica()) {
      sql(
          replica,
          "SET GLOBAL gtid_slave_pos = '0-7-99'",
          "CHANGE MASTER TO MASTER_HOST = 'donors-primary', MASTER_USER = 'x'",
          "CHANGE MASTER 'o''ther' TO MASTER_HOST = 'another', MASTER_USER = 'x'");
      replica.mysqld.restart();
      replica.journal.write(pods.manifest());
      try (ReplicationSupervisor supervisor = replica.supervisor()) {
        Patience.awaitState(supervisor, Running.class);
        pods.write();
        awaitSameRows(replica);
        assertThat(Replica.of(replica.server).status())
            .singleElement()
            .satisfies(status -> assertThat(status.host()).isEqualTo(pods.primary.address()));
      }
    }
  }

  @Test
  void neverUsesCoordinatesAfterMysqldReplicatedByItself() throws Exception {
    try (Pods.Pod replica = pods.replica()) {
      sql(
          replica,
          "SET GLOBAL gtid_slave_pos = '%s'".formatted(pods.coordinates.gtidSet()),
          "CHANGE MASTER TO MASTER_HOST = '%s', MASTER_PORT = %d, MASTER_USER = 'root',"
                  .formatted(pods.primary.address(), pods.primary.port())
              + " MASTER_PASSWORD = '%s', MASTER_USE_GTID = slave_pos"
                  .formatted(pods.primary.rootPassword()),
          "START SLAVE");
      replica.journal.write(pods.manifest());
      try (ReplicationSupervisor supervisor = replica.supervisor()) {
        assertThat(Patience.awaitState(supervisor, Unconfigured.class).remedy())
            .contains("skip-slave-start");
        assertThat(replica.journal.replication().orElseThrow().step()).isEqualTo(Step.SPOILED);
      }
      replica.mysqld.restart();
      try (ReplicationSupervisor supervisor = replica.supervisor()) {
        Patience.awaitState(supervisor, Unconfigured.class);
        staysIn(supervisor, Unconfigured.class);
        assertThat(Replica.of(replica.server).status().getFirst().hasRun()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PositioningChoice.class,
      names = {"GTID", "BINLOG"})
  void startsReplicationWhenMysqldWasRestarted(PositioningChoice positioning) throws Exception {
    withRunning(
        positioning,
        (replica, supervisor) -> {
          replica.mysqld.restart();
          await().atMost(Duration.ofSeconds(30)).until(() -> supervisor.restarts() == 1);
          Patience.awaitState(supervisor, Running.class);
          pods.write();
          awaitSameRows(replica);
        });
  }

  @Test
  void startsReplicationAfterACrashOfMysqld() throws Exception {
    withRunning(
        PositioningChoice.AUTO,
        (replica, supervisor) -> {
          pods.write();
          awaitSameRows(replica);
          replica.mysqld.kill();
          assertThat(Patience.awaitState(supervisor, Unknown.class).why())
              .contains("does not answer");
          pods.write();
          replica.mysqld.restart();
          Patience.awaitState(supervisor, Running.class);
          awaitSameRows(replica);
        });
  }

  /// What the server refuses to start stands there as if somebody had stopped it, and the sidecar
  /// that knows better may be gone by the time that it can be started.
  @Test
  void startsWhatAnEarlierSidecarWasRefusedToStart(@TempDir Path directory) throws Exception {
    withRefusedStart(
        directory,
        (replica, limited) -> {
          assertStartIsRefused(replica, limited);
          sql(replica, "GRANT ALL ON *.* TO limited@'%'");
          try (Server server = server(replica, limited);
              ReplicationSupervisor next = supervisor(replica, server)) {
            Patience.awaitState(next, Running.class);
            Patience.awaitOneMoreRow(pods, replica);
          }
          assertThat(step(replica)).isEqualTo(Step.STARTED);
        });
  }

  @Test
  void leavesAloneWhatWasStoppedAfterARefusedStartWasMadeUpForByHand(@TempDir Path directory)
      throws Exception {
    withRefusedStart(
        directory,
        (replica, limited) -> {
          try (Server server = server(replica, limited);
              ReplicationSupervisor supervisor = supervisor(replica, server)) {
            awaitRefusal(supervisor);
            sql(replica, "START SLAVE");
            Patience.awaitState(supervisor, Running.class);
            await().atMost(Duration.ofSeconds(20)).until(() -> step(replica) == Step.STARTED);
          }
          sql(replica, "STOP SLAVE");
          try (ReplicationSupervisor next = replica.supervisor()) {
            Patience.awaitWords(next, "somebody has stopped both its threads by hand");
            staysIn(next, Stopped.class);
          }
        });
  }

  @Test
  void leavesAloneWhatWasStartedInPartAfterARefusedStart(@TempDir Path directory) throws Exception {
    withRefusedStart(
        directory,
        (replica, _) -> {
          sql(replica, "START SLAVE SQL_THREAD");
          try (ReplicationSupervisor next = replica.supervisor()) {
            Patience.awaitWords(next, "somebody has stopped its IO thread by hand");
            staysIn(next, Stopped.class);
          }
        });
  }

  private interface RefusedStart {
    void play(Pods.Pod replica, Account limited) throws Exception;
  }

  /// A replica on which START was just refused to a sidecar that is no more.
  private static void withRefusedStart(Path directory, RefusedStart scenario) throws Exception {
    Account limited =
        new Account("limited", Optional.of(Files.writeString(directory.resolve("password"), "x")));
    withRunning(
        PositioningChoice.AUTO,
        (replica, supervisor) -> {
          supervisor.close();
          replica.mysqld.restart();
          sql(
              replica,
              "CREATE USER limited@'%' IDENTIFIED BY 'x'",
              "GRANT ALL ON *.* TO limited@'%'",
              "REVOKE SUPER, REPLICATION SLAVE ADMIN ON *.* FROM limited@'%'");
          assertStartIsRefused(replica, limited);
          scenario.play(replica, limited);
        });
  }

  private static void assertStartIsRefused(Pods.Pod replica, Account limited) {
    try (Server server = server(replica, limited);
        ReplicationSupervisor supervisor = supervisor(replica, server)) {
      awaitRefusal(supervisor);
    }
  }

  private static void awaitRefusal(ReplicationSupervisor supervisor) {
    await().atMost(Duration.ofSeconds(30)).until(() -> supervisor.errorNumber() == 1227);
    assertThat(supervisor.state().describe()).contains("REPLICATION SLAVE ADMIN");
  }

  private static Server server(Pods.Pod replica, Account account) {
    return new Server(replica.mysqld.address(), replica.mysqld.port(), account);
  }

  private static ReplicationSupervisor supervisor(Pods.Pod replica, Server server) {
    return replica.supervisor(pods.settings(PositioningChoice.AUTO), server);
  }

  private static Step step(Pods.Pod replica) throws IOException {
    return replica.journal.replication().orElseThrow().step();
  }

  @Test
  void namesAConflictAndWaitsForAPerson() throws Exception {
    withRunning(
        PositioningChoice.AUTO,
        (replica, supervisor) -> {
          pods.primary.execute("CREATE TABLE test.keyed (id INT PRIMARY KEY)");
          awaitSameRows(replica);
          sql(replica, "INSERT INTO test.keyed VALUES (1)");
          pods.primary.execute("INSERT INTO test.keyed VALUES (1)");
          Broken broken = Patience.awaitState(supervisor, Broken.class);
          assertThat(broken.errorNumber()).isEqualTo(1062);
          assertThat(broken.problem()).contains("Duplicate entry '1'");
          assertThat(supervisor.errorNumber()).isEqualTo(1062);
          staysIn(supervisor, Broken.class);
          assertThat(supervisor.restarts()).isZero();
          assertThat(supervisor.state().isReady(Duration.ofDays(1))).isFalse();
          // Another sidecar does no other.
          try (ReplicationSupervisor next = replica.supervisor()) {
            Patience.awaitState(next, Broken.class);
            staysIn(next, Broken.class);
            assertThat(next.restarts()).isZero();
          }
          sql(replica, "DELETE FROM test.keyed", "START SLAVE");
          Patience.awaitState(supervisor, Running.class);
          awaitSameRows(replica);
          pods.primary.execute("DROP TABLE test.keyed");
          awaitSameRows(replica);
        });
  }

  @Test
  void leavesAloneWhatAPersonStopped() throws Exception {
    withRunning(
        PositioningChoice.AUTO,
        (replica, supervisor) -> {
          sql(replica, "STOP SLAVE");
          // The server stops one thread after the other.
          Patience.awaitWords(
              supervisor,
              "replication is stopped: somebody has stopped both its threads by hand; what to do");
          staysIn(supervisor, Stopped.class);
          try (ReplicationSupervisor next = replica.supervisor()) {
            Patience.awaitState(next, Stopped.class);
            staysIn(next, Stopped.class);
            assertThat(next.restarts()).isZero();
          }
          assertThat(supervisor.restarts()).isZero();
          sql(replica, "START SLAVE");
          Patience.awaitState(supervisor, Running.class);
          sql(replica, "STOP SLAVE SQL_THREAD");
          assertThat(Patience.awaitState(supervisor, Stopped.class).problem())
              .contains("its SQL thread");
          // Ends with the life of mysqld.
          replica.mysqld.restart();
          Patience.awaitState(supervisor, Running.class);
        });
  }

  @Test
  void triesAgainAfterALockWait() throws Exception {
    withRunning(
        PositioningChoice.AUTO,
        (replica, supervisor) -> {
          pods.primary.execute("CREATE TABLE test.locked (id INT PRIMARY KEY, n INT)");
          pods.primary.execute("INSERT INTO test.locked VALUES (1, 0)");
          awaitSameRows(replica);
          sql(
              replica,
              "SET GLOBAL innodb_lock_wait_timeout = 1",
              "SET GLOBAL slave_transaction_retries = 0",
              "STOP SLAVE",
              "START SLAVE");
          try (Connection holder = replica.mysqld.connect();
              Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("SELECT * FROM test.locked WHERE id = 1 FOR UPDATE");
            pods.primary.execute("UPDATE test.locked SET n = 1");
            await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> supervisor.errorNumber() == 1205 && supervisor.restarts() > 0);
            holder.rollback();
          }
          Patience.awaitState(supervisor, Running.class);
          awaitSameRows(replica);
          pods.primary.execute("DROP TABLE test.locked");
          awaitSameRows(replica);
        });
  }

  @Test
  void isUnknownWhileMysqldIsFrozen() throws Exception {
    withRunning(
        PositioningChoice.AUTO,
        (replica, supervisor) -> {
          replica.mysqld.freeze();
          try {
            await()
                .atMost(Duration.ofSeconds(15))
                .until(supervisor::state, Unknown.class::isInstance);
            assertThat(supervisor.state().isReady(Duration.ofDays(1))).isFalse();
          } finally {
            replica.mysqld.thaw();
          }
          Patience.awaitState(supervisor, Running.class);
          assertThat(supervisor.restarts()).isZero();
        });
  }

  @Test
  void asksMoreRarelyForAStatusThatDoesNotCome() throws Exception {
    try (LogLines log = LogLines.of("mysqlagents.sidecar.replication");
        Pods.Pod replica = pods.replica();
        StatusEater eater = StatusEater.before(replica.mysqld);
        Server server = new Server(eater.address(), eater.port(), pods.account())) {
      replica.journal.write(pods.manifest());
      try (ReplicationSupervisor supervisor =
          replica.supervisor(pods.settings(PositioningChoice.AUTO), server)) {
        Patience.awaitState(supervisor, Running.class);
        eater.eatFrom(supervisor);
        await().atMost(Duration.ofSeconds(60)).until(() -> eater.foundAtEach().size() >= 4);
        // The second question in vain is what it is concluded from.
        assertThat(eater.foundAtEach().subList(0, 2))
            .noneMatch(ReplicationSupervisorIT::namesAFullDisk);
        assertThat(eater.foundAtEach().subList(2, 4))
            .allMatch(ReplicationSupervisorIT::namesAFullDisk);
        assertThat(log.lines())
            .filteredOn(line -> line.contains("make room on its volume"))
            .hasSize(1);
        eater.stopEating();
        Patience.awaitState(supervisor, Running.class);
      }
    }
  }

  private static boolean namesAFullDisk(ReplicationState state) {
    return state instanceof Unknown(String problem)
        && problem.contains("mysqld answers, but")
        && problem.contains("is its disk full?");
  }

  /// MariaDB keeps who asks for the status waiting until there is room, whether or not anybody
  /// still listens: each question is one of its connections.
  @Test
  void doesNotUseUpTheConnectionsOfAServerWhoseDiskIsFull() throws Exception {
    try (Pods.Pod replica = pods.replicaWithSmallDisk(8)) {
      Path filler = replica.fillDisk(4);
      replica.journal.write(pods.manifest());
      try (ReplicationSupervisor supervisor = replica.supervisor()) {
        Patience.awaitState(supervisor, Running.class);
        sql(replica, "STOP SLAVE SQL_THREAD");
        pods.primary.execute(
            "SET SESSION binlog_format = ROW",
            "CREATE TABLE test.large (bytes LONGBLOB)",
            "INSERT INTO test.large VALUES (REPEAT('x', 6000000))");
        await()
            .atMost(Duration.ofSeconds(60))
            .until(supervisor::state, ReplicationSupervisorIT::namesAFullDisk);
        int first = questions(replica);
        assertThat(first).isPositive();
        // Two more questions would have been asked meanwhile.
        await()
            .during(Duration.ofSeconds(15))
            .atMost(Duration.ofSeconds(60))
            .until(() -> questions(replica) == first && namesAFullDisk(supervisor.state()));
        Files.delete(filler);
        // The server itself looks for room once a minute.
        await().atMost(Duration.ofMinutes(2)).until(supervisor::state, Stopped.class::isInstance);
        // One may be just being answered.
        await().atMost(Duration.ofSeconds(20)).until(() -> questions(replica) == 0);
        sql(replica, "START SLAVE SQL_THREAD");
        Patience.awaitState(supervisor, Running.class);
        awaitSameRows(replica);
        pods.primary.execute("DROP TABLE test.large");
        awaitSameRows(replica);
      }
    }
  }

  /// How many the server has not answered yet.
  private static int questions(Pods.Pod replica) throws SQLException {
    return Integer.parseInt(
        String.valueOf(
            replica.mysqld.value(
                "SELECT COUNT(*) FROM information_schema.processlist"
                    + " WHERE info = 'SHOW ALL SLAVES STATUS'")));
  }

  @Test
  void isReadyWithoutThePrimaryOnlyAsLongAsTheLagAllows() throws Exception {
    withRunning(
        PositioningChoice.AUTO,
        (replica, supervisor) -> {
          pods.primary.stop();
          try {
            Connecting connecting = Patience.awaitProblem(supervisor, "Can't connect");
            assertThat(connecting.isReady(Duration.ofSeconds(30))).isTrue();
            Duration limit = connecting.staleness().orElseThrow().plusSeconds(3);
            await()
                .atMost(Duration.ofSeconds(30))
                .until(supervisor::state, state -> !state.isReady(limit));
            assertThat(supervisor.state()).isInstanceOf(Connecting.class);
            assertThat(supervisor.staleness().orElseThrow()).isGreaterThan(limit);
            // Another sidecar cannot know how old the data is.
            try (ReplicationSupervisor next = replica.supervisor()) {
              assertThat(Patience.awaitState(next, Connecting.class).staleness()).isEmpty();
              assertThat(next.state().isReady(Duration.ofDays(1))).isFalse();
            }
          } finally {
            pods.primary.restart();
          }
          Patience.awaitState(supervisor, Running.class);
        });
  }

  /// The server says that it is 0 s behind from the moment it is connected.
  @Test
  void isNotReadyBeforeThePrimaryHasFoundThePlaceInItsLog() throws Exception {
    try (SearchingPrimary searching = new SearchingPrimary(pods.primary);
        Pods.Pod replica = pods.replica()) {
      pods.write();
      replica.journal.write(pods.manifest());
      try (ReplicationSupervisor supervisor =
          replica.supervisor(pods.settings(searching.template()))) {
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() ->
                searching.isAsked()
                    && supervisor.status().map(ReplicaStatus::bothThreadsRun).orElse(false));
        assertThat(supervisor.status().orElseThrow().lag()).isZero();
        staysIn(supervisor, Connecting.class);
        assertThat(supervisor.state().isReady(Duration.ofDays(1))).isFalse();
        searching.find();
        Patience.awaitState(supervisor, Running.class);
        awaitSameRows(replica);
      }
    }
  }

  /// Nothing comes from it but heartbeats.
  @Test
  void isReadyBesideAnIdlePrimary() throws Exception {
    withRunning(
        PositioningChoice.GTID,
        (replica, supervisor) -> {
          awaitSameRows(replica);
          try (ReplicationSupervisor next = replica.supervisor()) {
            Patience.awaitState(next, Running.class);
            assertThat(next.state().isReady(Duration.ZERO)).isTrue();
          }
        });
  }

  @Test
  void noticesAPrimaryThatHangs() throws Exception {
    withRunning(
        PositioningChoice.AUTO,
        (replica, supervisor) -> {
          pods.primary.freeze();
          try {
            Connecting connecting = Patience.awaitState(supervisor, Connecting.class);
            assertThat(connecting.problem()).contains("not even a heartbeat");
            assertThat(connecting.staleness().orElseThrow()).isGreaterThan(Duration.ofSeconds(11));
            assertThat(replica.mysqld.value("SELECT 1")).isEqualTo("1");
          } finally {
            pods.primary.thaw();
          }
          Patience.awaitState(supervisor, Running.class);
        });
  }

  @Test
  void followsTheJournalAndNotTheCoordinatesWhenGtidSettingsAreLost() throws Exception {
    try (Pods.Pod replica = pods.replica()) {
      replica.journal.write(pods.manifest());
      try (ReplicationSupervisor supervisor = replica.supervisor()) {
        Patience.awaitState(supervisor, Running.class);
        pods.write();
        awaitSameRows(replica);
        // A person's doing on the running server is left alone …
        sql(replica, "STOP SLAVE", "RESET SLAVE ALL");
        assertThat(Patience.awaitState(supervisor, Unconfigured.class).problem())
            .contains("somebody has removed");
        // … until mysqld is restarted.
        replica.mysqld.restart();
        Patience.awaitState(supervisor, Running.class);
        pods.write();
        awaitSameRows(replica);
      }
    }
  }

  @Test
  void refusesToGuessWhenSettingsByPositionAreLost() throws Exception {
    withRunning(
        PositioningChoice.BINLOG,
        (replica, supervisor) -> {
          pods.write();
          awaitSameRows(replica);
          sql(replica, "STOP SLAVE", "RESET SLAVE ALL");
          replica.mysqld.restart();
          await()
              .atMost(Duration.ofSeconds(30))
              .untilAsserted(() ->
                  assertThat(supervisor.state().describe())
                      .contains("has lost its replication settings")
                      .contains("clone this replica again"));
        });
  }

  @Test
  void adoptsAServerThatReplicatesAlready() throws Exception {
    try (Pods.Pod replica = pods.replica()) {
      sql(
          replica,
          "CHANGE MASTER TO MASTER_HOST = '%s', MASTER_PORT = %d, MASTER_USER = 'root',"
                  .formatted(pods.primary.address(), pods.primary.port())
              + " MASTER_PASSWORD = '%s', MASTER_LOG_FILE = '%s', MASTER_LOG_POS = %d,"
                  .formatted(pods.primary.rootPassword(), pods.place.file(), pods.place.position())
              + " MASTER_USE_GTID = no");
      try (ReplicationSupervisor supervisor = replica.supervisor()) {
        Patience.awaitState(supervisor, Running.class);
        pods.write();
        awaitSameRows(replica);
        ReplicationRecord record = replica.journal.replication().orElseThrow();
        assertThat(record.step()).isEqualTo(Step.STARTED);
        assertThat(record.coordinates()).isNull();
        assertThat(record.positioning()).isEqualTo(Positioning.BINLOG);
      }
    }
  }

  @Test
  void adoptsWhatTheBashExampleHasNotUsedYet() throws Exception {
    try (Pods.Pod replica = pods.replica()) {
      Files.writeString(
          replica.volume.data().resolve("change_master_to.sql.in"),
          "CHANGE MASTER TO MASTER_LOG_FILE='%s',        MASTER_LOG_POS=%d\n"
              .formatted(pods.place.file(), pods.place.position()));
      try (ReplicationSupervisor supervisor = replica.supervisor()) {
        Patience.awaitState(supervisor, Running.class);
        pods.write();
        awaitSameRows(replica);
        assertThat(replica.journal.replication().orElseThrow().step()).isEqualTo(Step.STARTED);
      }
    }
  }

  @Test
  void saysWhatToDoWithDataThatNothingIsKnownOf() throws Exception {
    try (Pods.Pod replica = pods.replica();
        ReplicationSupervisor supervisor = replica.supervisor()) {
      Unconfigured state = Patience.awaitState(supervisor, Unconfigured.class);
      assertThat(state.problem()).contains("nothing tells where");
      assertThat(state.remedy()).contains("clone this replica again");
      assertThat(replica.journal.replication()).isEmpty();
    }
  }

  @Test
  void neverTakesADamagedJournalForNone() throws Exception {
    try (Pods.Pod replica = pods.replica()) {
      replica.journal.write(pods.manifest());
      Path record = replica.volume.agent().resolve("replication.json");
      Files.writeString(record, "{\"step\": ");
      try (ReplicationSupervisor supervisor = replica.supervisor()) {
        assertThat(Patience.awaitState(supervisor, Unconfigured.class).problem())
            .contains(record.toString());
        assertThat(Replica.of(replica.server).status()).isEmpty();
      }
    }
  }

  @Test
  void saysWhichAccountThePrimaryRefuses(@TempDir Path directory) throws Exception {
    Path wrong = Files.writeString(directory.resolve("password"), "not-the-password");
    try (Pods.Pod replica = pods.replica()) {
      replica.journal.write(pods.manifest());
      ReplicationSettings settings =
          pods.settings(PositioningChoice.AUTO, new Account("root", Optional.of(wrong)));
      try (ReplicationSupervisor supervisor = replica.supervisor(settings)) {
        await().atMost(Duration.ofSeconds(30)).until(() -> supervisor.errorNumber() == 1045);
        Connecting connecting =
            Patience.awaitProblem(
                supervisor,
                "Access denied for user 'root'",
                "what to do: give the primary the account of REPLICATION_USER");
        assertThat(connecting.problem()).doesNotContain("not-the-password");
        assertThat(supervisor.state().isReady(Duration.ofDays(1))).isFalse();
      }
    }
  }

  @Test
  void namesEqualServerIds() throws Exception {
    try (Pods.Pod replica = pods.replica("--skip-slave-start", "--server-id=100")) {
      replica.journal.write(pods.manifest());
      try (ReplicationSupervisor supervisor = replica.supervisor()) {
        Broken broken = Patience.awaitState(supervisor, Broken.class);
        assertThat(broken.errorNumber()).isEqualTo(1593);
        assertThat(broken.remedy()).contains("server-id");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PositioningChoice.class,
      names = {"GTID", "BINLOG"})
  void namesPurgedBinaryLogs(PositioningChoice positioning) throws Exception {
    try (Pods own = new Pods();
        Pods.Pod replica = own.replica()) {
      own.write();
      own.primary.execute("FLUSH BINARY LOGS");
      own.write();
      own.primary.execute("FLUSH BINARY LOGS", "PURGE BINARY LOGS TO 'mysql-bin.000003'");
      // The server keeps a log for a moment after its last reader is gone.
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> {
            own.primary.execute("PURGE BINARY LOGS TO 'mysql-bin.000003'");
            return !Files.exists(own.primary.dataDirectory().resolve("mysql-bin.000001"));
          });
      replica.journal.write(own.manifest());
      try (ReplicationSupervisor supervisor = replica.supervisor(own.settings(positioning))) {
        Broken broken = Patience.awaitState(supervisor, Broken.class);
        assertThat(broken.errorNumber()).isEqualTo(1236);
        assertThat(broken.remedy()).isEqualTo(purgedRemedy(positioning));
        staysIn(supervisor, Broken.class);
        assertThat(supervisor.restarts()).isZero();
      }
    }
  }

  /// Asked for a file that is not there, the primary cannot tell what became of it; GTIDs tell it.
  private static String purgedRemedy(PositioningChoice positioning) {
    String clone = "clone this replica again: delete its volume claim and then the pod";
    return positioning == PositioningChoice.GTID
        ? clone + " (the primary has purged binary logs that it still needed)"
        : "the primary has purged, or has lost, binary logs that this replica still needed; if it was"
            + " put back to an earlier state, save what only this replica has; then "
            + clone;
  }

  @Test
  void leavesThePrimaryAlone() throws Exception {
    try (Pods.Pod pod = pods.replica()) {
      try (ReplicationSupervisor supervisor = pod.supervisorOfPrimary()) {
        Patience.awaitState(supervisor, ReplicationState.Primary.class);
        assertThat(supervisor.state().isReady(Duration.ZERO)).isTrue();
        pod.mysqld.kill();
        Patience.awaitState(supervisor, Unknown.class);
        pod.mysqld.restart();
        Patience.awaitState(supervisor, ReplicationState.Primary.class);
      }
    }
  }

  @Test
  void endsSoonWhenClosed() throws Exception {
    try (Pods.Pod replica = pods.replica()) {
      replica.mysqld.stop();
      ReplicationSupervisor supervisor = replica.supervisor();
      Patience.awaitState(supervisor, Unknown.class);
      Consumer<Thread> ended = thread -> assertThat(thread.isAlive()).isFalse();
      supervisor.close();
      assertThat(
              Thread.getAllStackTraces().keySet().stream()
                  .filter(thread -> thread.getName().equals("replication")))
          .allSatisfy(ended);
    }
  }
}
