package mysqlagents.sidecar.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mysqlagents.journal.ReplicationRecord;
import mysqlagents.journal.ReplicationRecord.Positioning;
import mysqlagents.journal.ReplicationRecord.Step;
import mysqlagents.sidecar.replication.ReplicationState.Running;
import mysqlagents.testbed.Checksums;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Law 3: a position is never lost and never used twice, wherever the sidecar, or mysqld with it,
/// dies during the set-up.
class ReplicationCrashIT {
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

  /// Stands for SIGKILL: nothing after it runs.
  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @ParameterizedTest
  @CsvSource({"GTID, false", "GTID, true", "BINLOG, false", "BINLOG, true"})
  void noRowIsLostOrAppliedTwiceWhereverTheSetUpIsCutOff(
      PositioningChoice positioning, boolean mysqldDiesToo) throws Exception {
    List<String> steps = stepsOf(positioning);
    // STARTING before START: in between lies a moment in which mysqld has moved on, and if it lost
    // its settings then, a journal that says CONFIGURED would let the coordinates be used again.
    assertThat(steps)
        .containsSubsequence(
            "journal: PLANNED",
            "settings are on disk",
            "journal: CONFIGURED",
            "journal: STARTING",
            "START",
            "journal: STARTED");
    for (int crashAfter = 0; crashAfter < steps.size(); crashAfter++) {
      crashAndFinish(positioning, crashAfter, steps.get(crashAfter), mysqldDiesToo);
    }
  }

  private static List<String> stepsOf(PositioningChoice positioning) throws Exception {
    List<String> steps = new ArrayList<>();
    try (Pods.Pod replica = pods.replica()) {
      replica.journal.write(pods.manifest());
      replica.setup(positioning, steps::add).complete();
    }
    return steps;
  }

  private static void crashAndFinish(
      PositioningChoice positioning, int crashAfter, String step, boolean mysqldDiesToo)
      throws Exception {
    try (Pods.Pod replica = pods.replica()) {
      replica.journal.write(pods.manifest());
      List<String> done = new ArrayList<>();
      ReplicationSetup setup =
          replica.setup(
              positioning,
              name -> {
                done.add(name);
                if (done.size() > crashAfter) {
                  throw new Crash();
                }
              });
      assertThatThrownBy(setup::complete).as(step).isInstanceOf(Crash.class);
      pods.write();
      if (step.equals("START")) {
        // What has been applied by now is what a second use of the coordinates would repeat.
        awaitSameRows(step, replica);
        // A server that is killed before it has noted what it applied repeats it by itself.
        Patience.awaitNothingLeftToApply(replica);
      }
      if (mysqldDiesToo) {
        replica.mysqld.kill();
        replica.mysqld.restart();
      }
      try (ReplicationSupervisor supervisor = replica.supervisor(pods.settings(positioning))) {
        await(step)
            .atMost(Duration.ofSeconds(30))
            .until(supervisor::state, Running.class::isInstance);
        pods.write();
        awaitSameRows(step, replica);
      }
      ReplicationRecord record = replica.journal.replication().orElseThrow();
      assertThat(record.step()).as(step).isEqualTo(Step.STARTED);
      assertThat(record.positioning()).isEqualTo(Positioning.valueOf(positioning.name()));
      assertThat(record.coordinates()).isEqualTo(pods.coordinates);
    }
  }

  private static void awaitSameRows(String step, Pods.Pod replica) {
    await(step)
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThat(Checksums.of(replica.mysqld)).isEqualTo(Checksums.of(pods.primary)));
  }
}
