package mysqlagents.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class PipeCapacityTest {
  /// Writes 512 KiB and then says so, while nobody reads.
  private static final List<String> AHEAD =
      List.of("sh", "-c", "head -c 524288 /dev/zero; echo written >&2; sleep 30");

  @Test
  void aProgramWritesAheadOfItsReader() throws Exception {
    try (ChildProcess program = ChildProcess.start(new ProcessBuilder(AHEAD))) {
      Thread.sleep(Duration.ofMillis(300));
      assertThat(program.lastLine()).as("without a larger pipe it waits").isEmpty();
      program.enlargeOutput();
      while (!program.lastLine().equals("written")) {
        Thread.sleep(Duration.ofMillis(20));
      }
      assertThat(program.output().readNBytes(524_288)).hasSize(524_288).containsOnly(0);
    }
  }

  @Test
  void aProgramThatHasEndedIsNoFailure() throws Exception {
    try (ChildProcess program = ChildProcess.start(new ProcessBuilder("echo", "all of it"))) {
      assertThat(program.awaitExit()).isZero();
      program.enlargeOutput();
      assertThat(program.output().readAllBytes()).asString().isEqualTo("all of it\n");
    }
  }
}
