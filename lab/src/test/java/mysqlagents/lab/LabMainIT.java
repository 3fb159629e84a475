package mysqlagents.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mysqlagents.testbed.ChildProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program behind `make lab`, stopped in the middle. That it gets to its end is what `make lab
/// ONCE=1` shows.
final class LabMainIT {
  private static final Pattern ROOT = Pattern.compile("(/tmp/mysql-lab-\\w+)/logs");

  /// The status of a program that was ended by Ctrl-C.
  private static final int INTERRUPTED = 130;

  @TempDir private Path directory;

  @Test
  void leavesNothingBehindWhenItIsStoppedInTheMiddle() throws Exception {
    Path log = directory.resolve("lab.log");
    Path programs = AgentPrograms.find().project();
    List<String> command =
        List.of(
            AgentPrograms.find().java().toString(),
            "-jar",
            programs.resolve("lab/target/lab.jar").toString(),
            "--once");
    try (ChildProcess lab = ChildProcess.start(command, home(), log)) {
      assertThat(Waiting.until(Duration.ofMinutes(2), () -> text(log).contains("is ready")))
          .as("%s", text(log))
          .isTrue();
      Matcher root = ROOT.matcher(text(log));
      assertThat(root.find()).isTrue();
      assertThat(commandsNaming(root.group(1))).isNotEmpty();
      lab.terminate();
      assertThat(lab.waitFor(Duration.ofMinutes(1))).isEqualTo(INTERRUPTED);
      assertThat(Path.of(root.group(1))).doesNotExist();
      assertThat(commandsNaming(root.group(1))).isEmpty();
    }
  }

  @Test
  void refusesArgumentsThatItDoesNotKnow() throws Exception {
    Path log = directory.resolve("lab.log");
    List<String> command =
        List.of(
            AgentPrograms.find().java().toString(),
            "-jar",
            AgentPrograms.find().project().resolve("lab/target/lab.jar").toString(),
            "--twice");
    try (ChildProcess lab = ChildProcess.start(command, home(), log)) {
      assertThat(lab.waitFor(Duration.ofSeconds(30))).isEqualTo(64);
      assertThat(text(log)).contains("--twice is not understood; what is: --once");
    }
  }

  /// What tells where MySQL is.
  private static Map<String, String> home() {
    Map<String, String> home = new HashMap<>(System.getenv());
    home.keySet().retainAll(List.of("HOME", "XDG_CACHE_HOME"));
    return home;
  }

  private static String text(Path log) throws IOException {
    return Files.exists(log) ? Files.readString(log) : "";
  }

  private static List<String> commandsNaming(String path) {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains(path))
        .toList();
  }
}
