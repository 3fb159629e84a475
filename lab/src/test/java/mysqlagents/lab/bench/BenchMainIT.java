package mysqlagents.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mysqlagents.lab.AgentPrograms;
import mysqlagents.lab.Waiting;
import mysqlagents.testbed.ChildProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program behind `make bench`, stopped in the middle. What it measures is for its reader.
final class BenchMainIT {
  private static final Pattern DIRECTORY =
      Pattern.compile("/(?:dev/shm|tmp)/mysql-agents-(?:bench|server)-\\d+");

  /// The status of a program that was ended by Ctrl-C.
  private static final int INTERRUPTED = 130;

  @TempDir private Path directory;

  @Test
  void leavesNothingBehindWhenItIsStoppedInTheMiddle() throws Exception {
    Path log = directory.resolve("bench.log");
    AgentPrograms programs = AgentPrograms.find();
    Path target = programs.project().resolve("lab/target");
    List<String> command =
        List.of(
            programs.java().toString(),
            "-cp",
            "%1$s/lab.jar:%1$s/lib/*".formatted(target),
            BenchMain.class.getName());
    try (ChildProcess bench = ChildProcess.start(command, Map.of("BENCH_MEBIBYTES", "16"), log)) {
      assertThat(
              Waiting.until(Duration.ofMinutes(2), () -> Files.readString(log).contains("round")))
          .as("%s", Files.readString(log))
          .isTrue();
      Set<Path> made = directoriesOf(bench, log);
      assertThat(made).hasSize(3).allMatch(Files::isDirectory);
      bench.terminate();
      assertThat(bench.waitFor(Duration.ofMinutes(1))).isEqualTo(INTERRUPTED);
      assertThat(made).noneMatch(Files::exists);
    }
  }

  /// Those that it names, and those that its children's command lines name.
  private static Set<Path> directoriesOf(ChildProcess bench, Path log) throws IOException {
    String children =
        ProcessHandle.of(bench.pid())
            .orElseThrow()
            .descendants()
            .map(child -> child.info().commandLine().orElse(""))
            .collect(Collectors.joining("\n"));
    return DIRECTORY
        .matcher(Files.readString(log) + children)
        .results()
        .map(MatchResult::group)
        .map(Path::of)
        .collect(Collectors.toSet());
  }
}
