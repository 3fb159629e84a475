package mysqlagents.sidecar.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import mysqlagents.journal.ReplicationRecord.Step;
import mysqlagents.mysql.Dialect;
import mysqlagents.mysql.ReplicaStatus;
import mysqlagents.sidecar.replication.ReplicationState.Running;
import mysqlagents.sidecar.replication.ReplicationState.Stopped;
import mysqlagents.sidecar.server.Account;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The password of the replication account is changed on the primary, and in a file that each pod
/// gets in its own time.
class ReplicationLoginIT {
  @SuppressWarnings("NullAway.Init")
  private static Pods pods;

  @TempDir Path directory;
  private Path file = Path.of("");

  @BeforeAll
  static void startPrimary() throws Exception {
    pods = new Pods();
    pods.primary.execute(
        "CREATE USER repl@'%' IDENTIFIED BY 'first'", "GRANT REPLICATION SLAVE ON *.* TO repl@'%'");
  }

  @AfterAll
  static void stopPrimary() throws Exception {
    pods.close();
  }

  @BeforeEach
  void theFirstPassword() throws Exception {
    file = directory.resolve("replication");
    Files.writeString(file, "first\n");
    setOnPrimary("first");
  }

  /// Not in the binary log, so that replicas need not have the account.
  private static void setOnPrimary(String password) throws Exception {
    pods.primary.execute(
        "SET SESSION sql_log_bin = 0",
        "SET PASSWORD FOR repl@'%%' = PASSWORD('%s')".formatted(password));
  }

  private Account account() {
    return new Account("repl", Optional.of(file));
  }

  private interface Scenario {
    void play(Pods.Pod replica, ReplicationSupervisor supervisor) throws Exception;
  }

  private void withRunning(PositioningChoice positioning, Scenario scenario) throws Exception {
    try (Pods.Pod replica = pods.replica()) {
      replica.journal.write(pods.manifest());
      try (ReplicationSupervisor supervisor =
          replica.supervisor(pods.settings(positioning, account()))) {
        Patience.awaitState(supervisor, Running.class);
        scenario.play(replica, supervisor);
      }
    }
  }

  /// Ends the replicas' connections, as a restart of the primary would.
  private static void disconnectReplicas() throws Exception {
    String id =
        pods.primary.value(
            "SELECT id FROM information_schema.processlist WHERE command = 'Binlog Dump'");
    pods.primary.execute("KILL " + id);
  }

  /// The server's name for the thread that fetches; another one after each STOP and START. Its
  /// command is `Connect` until it is connected for the first time.
  private static String ioThread(Pods.Pod replica) throws Exception {
    return String.valueOf(
        replica.mysqld.value(
            "SELECT id FROM information_schema.processlist WHERE user = 'system user'"
                + " AND command IN ('Slave_IO', 'Connect')"));
  }

  @ParameterizedTest
  @EnumSource(
      value = PositioningChoice.class,
      names = {"GTID", "BINLOG"})
  void anEstablishedConnectionGoesOnAndTheNextOneHealsByItself(PositioningChoice positioning)
      throws Exception {
    withRunning(
        positioning,
        (replica, supervisor) -> {
          String thread = ioThread(replica);
          // The file comes before the change …
          Files.writeString(file, "second\n");
          Patience.letItLook();
          setOnPrimary("second");
          // … and neither is a reason to touch what works.
          Patience.awaitOneMoreRow(pods, replica);
          Patience.letItLook();
          assertThat(ioThread(replica)).isEqualTo(thread);

          disconnectReplicas();
          await()
              .atMost(Duration.ofSeconds(20))
              .until(() -> !ioThread(replica).equals(thread) && supervisor.errorNumber() == 0);
          Patience.awaitOneMoreRow(pods, replica);
          Patience.awaitState(supervisor, Running.class);
        });
  }

  @Test
  void waitsForAFileThatComesLateAndDoesNotHammerThePrimary() throws Exception {
    withRunning(
        PositioningChoice.AUTO,
        (replica, supervisor) -> {
          int changes = Patience.changes(replica);
          setOnPrimary("second");
          disconnectReplicas();
          await().atMost(Duration.ofSeconds(20)).until(() -> supervisor.errorNumber() == 1045);
          // The old one is sent once more, because what the channel has is not known. Then no more.
          await()
              .atMost(Duration.ofSeconds(20))
              .until(() ->
                  Patience.changes(replica) == changes + 1
                      && replica.journal.replication().orElseThrow().step() == Step.STARTED
                      && !ioThread(replica).equals("null"));
          String thread = ioThread(replica);
          Patience.letItLook();
          assertThat(ioThread(replica)).isEqualTo(thread);
          assertThat(Patience.changes(replica)).isEqualTo(changes + 1);
          // The server forgets it where a change leaves it out.
          assertThat(supervisor.status().orElseThrow().heartbeatPeriod())
              .isEqualTo(Duration.ofSeconds(Dialect.HEARTBEAT_SECONDS));
          Patience.awaitProblem(supervisor, "this replica takes up a changed file by itself");

          Files.writeString(file, "second\n");
          Patience.awaitState(supervisor, Running.class);
          Patience.awaitOneMoreRow(pods, replica);
        });
  }

  @Test
  void healsOnceThePrimaryHasCaughtUpWithTheFile() throws Exception {
    withRunning(
        PositioningChoice.AUTO,
        (replica, supervisor) -> {
          setOnPrimary("second");
          Files.writeString(file, "third\n");
          disconnectReplicas();
          await().atMost(Duration.ofSeconds(20)).until(() -> supervisor.errorNumber() == 1045);
          Patience.letItLook();
          setOnPrimary("third");
          Patience.awaitState(supervisor, Running.class);
          Patience.awaitOneMoreRow(pods, replica);
        });
  }

  @Test
  void goesOnWithTheServersPasswordWhileTheFileCannotBeRead() throws Exception {
    withRunning(
        PositioningChoice.AUTO,
        (replica, supervisor) -> {
          Files.delete(file);
          Patience.letItLook();
          Patience.awaitOneMoreRow(pods, replica);
          replica.mysqld.restart();
          await().atMost(Duration.ofSeconds(30)).until(() -> supervisor.restarts() == 1);
          Patience.awaitState(supervisor, Running.class);
          Patience.awaitOneMoreRow(pods, replica);
        });
  }

  @Test
  void leavesAloneWhatAPersonStoppedWhateverTheFileSays() throws Exception {
    withRunning(
        PositioningChoice.AUTO,
        (replica, supervisor) -> {
          setOnPrimary("second");
          int changes = Patience.changes(replica);
          replica.mysqld.execute("STOP SLAVE");
          Files.writeString(file, "second\n");
          Patience.awaitState(supervisor, Stopped.class);
          Patience.letItLook();
          assertThat(Patience.changes(replica)).isEqualTo(changes);
          assertThat(Patience.awaitState(supervisor, Stopped.class).problem()).contains("by hand");
          replica.mysqld.execute("START SLAVE");
          Patience.awaitState(supervisor, Running.class);
          Patience.awaitOneMoreRow(pods, replica);
        });
  }

  private static void adopt(Pods.Pod replica) throws Exception {
    replica.mysqld.execute(
        "CHANGE MASTER TO MASTER_HOST = '%s', MASTER_PORT = %d, MASTER_USER = 'root',"
                .formatted(pods.primary.address(), pods.primary.port())
            + " MASTER_PASSWORD = '%s', MASTER_LOG_FILE = '%s', MASTER_LOG_POS = %d,"
                .formatted(pods.primary.rootPassword(), pods.place.file(), pods.place.position())
            // By itself the server wants one every 30 s: news of the primary would come too late.
            + " MASTER_HEARTBEAT_PERIOD = 3, MASTER_USE_GTID = no");
  }

  @Test
  void anAdoptedChannelTakesUpTheSetsAccountAndKeepsItsPlace() throws Exception {
    try (Pods.Pod replica = pods.replica()) {
      adopt(replica);
      try (ReplicationSupervisor supervisor =
          replica.supervisor(pods.settings(PositioningChoice.AUTO, account()))) {
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() ->
                supervisor.status().map(ReplicaStatus::user).filter("repl"::equals).isPresent());
        Patience.awaitState(supervisor, Running.class);
        Patience.awaitOneMoreRow(pods, replica);
        assertThat(supervisor.status().orElseThrow().usesGtid()).isFalse();
      }
    }
  }

  @Test
  void neverGivesThePasswordToAnotherServer() throws Exception {
    try (Pods.Pod replica = pods.replica()) {
      adopt(replica);
      ReplicationSettings same = pods.settings(PositioningChoice.AUTO, account());
      ReplicationSettings other =
          new ReplicationSettings(
              same.peers(), same.port() + 1, same.account(), same.tls(), same.positioning());
      try (ReplicationSupervisor supervisor = replica.supervisor(other)) {
        Patience.awaitState(supervisor, Running.class);
        Patience.letItLook();
        assertThat(supervisor.status().orElseThrow().user()).isEqualTo("root");
        Patience.awaitOneMoreRow(pods, replica);
      }
    }
  }
}
