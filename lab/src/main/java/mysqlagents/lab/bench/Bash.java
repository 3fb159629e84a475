package mysqlagents.lab.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mysqlagents.testbed.ChildProcess;

/// Scripts that are measured, or that prepare for it.
final class Bash {
  /// Nothing of the sizes that are asked for takes longer on any machine worth measuring on.
  private static final Duration LIMIT = Duration.ofMinutes(30);

  private Bash() {}

  /// Runs a script to its end.
  ///
  /// @param log for what it prints
  /// @return the seconds it took
  static double run(String script, Path log) throws IOException {
    long start = System.nanoTime();
    ChildProcess bash = ChildProcess.start(List.of("bash", "-c", script), Map.of(), log);
    try {
      int status = bash.waitFor(LIMIT);
      if (status != 0) {
        throw new IOException(
            "bash -c '%s' ended with %d:%n%s".formatted(script, status, bash.logTail(20)));
      }
    } finally {
      bash.killAll();
    }
    return (System.nanoTime() - start) / 1e9;
  }
}
