package mysqlagents.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import mysqlagents.mysql.ServerVersion.Flavour;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Laws 1 and 3: agents that are killed at any moment.
final class KillIT {
  private static final long SEED = 20261122;
  private static final int SIDECAR_KILLS = 25;

  /// A sidecar that is left alone is through with all steps by then.
  private static final long LONGEST_LIFE_MILLIS = 3_500;

  @ParameterizedTest
  @CsvSource({"MARIADB, 25", "MYSQL, 12"})
  void aCloneThatIsKilledAtRandomMomentsLeavesADataDirectoryAbsentOrWhole(
      Flavour flavour, int kills) throws Exception {
    Random random = new Random(SEED);
    try (TestSet test = new TestSet("KillIT-clone", flavour)) {
      MiniatureStatefulSet set = test.set();
      set.scale(1, TestSet.READY_LIMIT);
      test.fill(20_000);
      long whole = cloneOnce(test);
      set.deleteVolume(1);
      int unfinished = 0;
      for (int i = 0; i < kills; i++) {
        Container clone = set.template().agent("agent-clone", 1);
        CompletableFuture<Integer> end = run(clone);
        // Up to a little more than a whole run takes, so that each stage is hit.
        Thread.sleep(random.nextLong(whole * 11 / 10));
        killIfItRuns(clone);
        end.join();
        if (!test.holdsData(1)) {
          unfinished++;
        } else {
          assertComesUpWhole(test);
        }
      }
      assertThat(unfinished).as("kills before the promotion").isPositive();
      assertComesUpWhole(test);
    }
  }

  /// It may not have begun yet, or have ended by itself a moment ago.
  private static void killIfItRuns(Container clone) throws IOException, InterruptedException {
    try {
      clone.kill();
    } catch (IllegalStateException _) {
      // It does not run.
    }
  }

  /// The kills' leftovers or data are on the volume; afterwards it is gone.
  private static void assertComesUpWhole(TestSet test) throws Exception {
    test.set().start(1);
    test.set().awaitReady(1, TestSet.READY_LIMIT);
    test.assertAgreement();
    test.set().stop(1);
    test.set().deleteVolume(1);
  }

  /// In milliseconds.
  private static long cloneOnce(TestSet test) throws Exception {
    long begin = System.nanoTime();
    assertThat(run(test.set().template().agent("agent-clone", 1)).join()).isZero();
    return (System.nanoTime() - begin) / 1_000_000;
  }

  private static CompletableFuture<Integer> run(Container agent) {
    CompletableFuture<Integer> end = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            end.complete(agent.runOnce());
          } catch (Throwable failure) {
            end.completeExceptionally(failure);
          }
        });
    return end;
  }

  @ParameterizedTest
  @CsvSource({"MARIADB, binlog", "MYSQL, gtid"})
  void aSidecarThatIsKilledAtRandomMomentsNeitherLosesNorRepeatsAPosition(
      Flavour flavour, String positioning) throws Exception {
    Random random = new Random(SEED);
    try (TestSet test = new TestSet("KillIT-sidecar", flavour)) {
      MiniatureStatefulSet set = test.set();
      set.template().longestPause(Duration.ofMillis(10)).variable("POSITIONING", positioning);
      set.scale(1, TestSet.READY_LIMIT);
      test.fill(1_000);
      WriteLoad load = WriteLoad.start(test, false);
      // Fresh clones, for only the first minutes of a clone's life are of interest.
      for (int clone = 0; clone < 2; clone++) {
        set.start(1);
        test.await("mysql-1 runs", () -> test.pod(1).container("agent-sidecar").isRunning());
        Container sidecar = test.pod(1).container("agent-sidecar");
        for (int kill = 0; kill < SIDECAR_KILLS; kill++) {
          test.await("the sidecar runs", sidecar::isRunning);
          Thread.sleep(random.nextLong(LONGEST_LIFE_MILLIS));
          if (sidecar.isRunning()) {
            sidecar.kill();
          }
          if (test.journal(1).contains("STARTED") && kill > 5) {
            break;
          }
        }
        set.awaitReady(1, TestSet.READY_LIMIT);
        assertThat(test.journal(1)).contains("STARTED");
        if (clone == 1) {
          load.stop();
          test.assertAgreement();
        }
        set.stop(1);
        set.deleteVolume(1);
      }
    }
  }
}
