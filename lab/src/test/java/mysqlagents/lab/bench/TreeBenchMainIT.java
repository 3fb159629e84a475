package mysqlagents.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mysqlagents.lab.AgentPrograms;
import mysqlagents.testbed.ChildProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program behind `make bench-tree`. What it measures is for its reader.
final class TreeBenchMainIT {
  @TempDir private Path directory;

  @Test
  void measuresAllThreeFromTheDiskAndFromMemory() throws Exception {
    Path log = directory.resolve("bench.log");
    AgentPrograms programs = AgentPrograms.find();
    List<String> command =
        List.of(
            programs.java().toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + directory,
            "-cp",
            "%1$s/lab.jar:%1$s/lib/*".formatted(programs.project().resolve("lab/target")),
            TreeBenchMain.class.getName());
    Map<String, String> settings = Map.of("BENCH_MEBIBYTES", "16", "BENCH_ROUNDS", "1");
    try (ChildProcess bench = ChildProcess.start(command, settings, log)) {
      assertThat(bench.waitFor(Duration.ofMinutes(10))).as("%s", bench.logTail(20)).isZero();
    }
    assertThat(Files.readString(log))
        .containsPattern(
            "(?s)from the disk.*stream : cat \\d.*stream : tar \\d"
                + ".*from the page cache.*stream : cat \\d.*stream : tar \\d")
        .doesNotContain("WARNING");
    assertThat(directory).isDirectoryNotContaining(Files::isDirectory);
  }
}
