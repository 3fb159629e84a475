package mysqlagents.sidecar.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mysqlagents.journal.ReplicationRecord.Step;
import mysqlagents.mysql.ReplicaStatus;
import mysqlagents.sidecar.replication.ReplicationState.Running;
import mysqlagents.sidecar.server.Account;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Law 3 again: the position stays what it is, wherever the sidecar, or mysqld with it, dies while
/// the channel is given another login; and replication is started again without a person.
class ReconnectionCrashIT {
  @SuppressWarnings("NullAway.Init")
  private static Pods pods;

  @TempDir private static Path directory;

  @BeforeAll
  static void startPrimary() throws Exception {
    pods = new Pods();
    pods.primary.execute(
        "CREATE USER repl@'%' IDENTIFIED BY 'theirs'",
        "GRANT REPLICATION SLAVE ON *.* TO repl@'%'");
    Files.writeString(directory.resolve("password"), "theirs");
  }

  @AfterAll
  static void stopPrimary() throws Exception {
    pods.close();
  }

  /// Stands for SIGKILL: nothing after it runs.
  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /// What says where the replica is: the server's GTIDs if it goes by them, else file and position.
  private static String placeOf(Pods.Pod replica) throws Exception {
    ReplicaStatus status = Replica.of(replica.server).status().getFirst();
    return status.usesGtid()
        ? "GTID " + replica.mysqld.value("SELECT @@gtid_slave_pos")
        : status.applied().toString();
  }

  private static ReplicationSettings asRepl(PositioningChoice positioning) {
    return pods.settings(
        positioning, new Account("repl", Optional.of(directory.resolve("password"))));
  }

  /// Sets the replica up as root, and lets it come to the primary's end.
  private static void setUp(Pods.Pod replica, PositioningChoice positioning) throws Exception {
    replica.journal.write(pods.manifest());
    replica.setup(positioning, _ -> {}).complete();
    Patience.awaitOneMoreRow(pods, replica);
    Patience.awaitNothingLeftToApply(replica);
  }

  @ParameterizedTest
  @CsvSource({"GTID, false", "GTID, true", "BINLOG, false", "BINLOG, true"})
  void thePlaceIsKeptWhereverItIsCutOff(PositioningChoice positioning, boolean mysqldDiesToo)
      throws Exception {
    List<String> steps = new ArrayList<>();
    try (Pods.Pod replica = pods.replica()) {
      setUp(replica, positioning);
      replica.reconnect(asRepl(positioning), steps::add);
    }
    assertThat(steps)
        .hasSize(6)
        .startsWith("journal: RECONNECTING", "STOP SLAVE")
        .endsWith("settings are on disk", "START", "journal: STARTED");
    for (int crashAfter = 0; crashAfter < steps.size(); crashAfter++) {
      crashAndFinish(positioning, crashAfter, steps.get(crashAfter), mysqldDiesToo);
    }
  }

  private static void crashAndFinish(
      PositioningChoice positioning, int crashAfter, String step, boolean mysqldDiesToo)
      throws Exception {
    try (Pods.Pod replica = pods.replica()) {
      setUp(replica, positioning);
      String before = placeOf(replica);
      List<String> done = new ArrayList<>();
      assertThatThrownBy(() ->
              replica.reconnect(
                  asRepl(positioning),
                  name -> {
                    done.add(name);
                    if (done.size() > crashAfter) {
                      throw new Crash();
                    }
                  }))
          .as(step)
          .isInstanceOf(Crash.class);
      assertThat(placeOf(replica)).as(step).isEqualTo(before);
      if (mysqldDiesToo) {
        replica.mysqld.kill();
        replica.mysqld.restart();
        // The pool has to notice first that its connections are gone.
        await(step)
            .atMost(Duration.ofSeconds(30))
            .ignoreExceptions()
            .untilAsserted(() -> assertThat(placeOf(replica)).isEqualTo(before));
      }
      pods.write();
      try (ReplicationSupervisor supervisor = replica.supervisor(asRepl(positioning))) {
        await(step)
            .atMost(Duration.ofSeconds(30))
            .until(() ->
                supervisor.state() instanceof Running
                    && supervisor.status().orElseThrow().user().equals("repl"));
        Patience.awaitOneMoreRow(pods, replica);
      }
      assertThat(replica.journal.replication().orElseThrow().step())
          .as(step)
          .isEqualTo(Step.STARTED);
    }
  }

  /// The server forgets the place when it is told the host it has already: the trap that all this
  /// is about. If it ever closes, the tests above prove less than they should.
  @Test
  void theTrapIsThere() throws Exception {
    try (Pods.Pod replica = pods.replica()) {
      setUp(replica, PositioningChoice.BINLOG);
      String before = placeOf(replica);
      replica.mysqld.execute(
          "STOP SLAVE", "CHANGE MASTER TO MASTER_HOST = '%s'".formatted(pods.primary.address()));
      assertThat(placeOf(replica)).isNotEqualTo(before).isEqualTo("the beginning");
    }
  }

  @Test
  void goesOnAsBeforeWhenTheServerRefusesTheChange() throws Exception {
    try (Pods.Pod replica = pods.replica()) {
      setUp(replica, PositioningChoice.GTID);
      // Longer than the server's limit for a user's name.
      ReplicationSettings refused =
          pods.settings(
              PositioningChoice.GTID,
              new Account("r".repeat(200), Optional.of(directory.resolve("password"))));
      try (ReplicationSupervisor supervisor = replica.supervisor(refused)) {
        Patience.awaitState(supervisor, Running.class);
        await().atMost(Duration.ofSeconds(20)).until(() -> Patience.changes(replica) > 1);
        Patience.letItLook();
        assertThat(supervisor.status().orElseThrow().user()).isEqualTo("root");
        Patience.awaitOneMoreRow(pods, replica);
        // It is tried again now and then, and the journal says so meanwhile.
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> replica.journal.replication().orElseThrow().step() == Step.STARTED);
      }
    }
  }
}
