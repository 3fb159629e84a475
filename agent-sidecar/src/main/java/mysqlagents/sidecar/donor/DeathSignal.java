package mysqlagents.sidecar.donor;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Has the kernel kill a program when this process is gone, even by `SIGKILL`. Without it, a tool
/// whose sidecar was killed lives on until its next write to the broken pipe, and may hold the
/// server's locks until then.
final class DeathSignal {
  /// From util-linux, which Debian's and Red Hat's images have. The signal follows the *thread*
  /// that starts the program; [mysqlagents.process.ChildProcess] has one that lasts.
  private static final List<String> SETPRIV = List.of("setpriv", "--pdeathsig", "KILL");

  private static final long ANSWER_LIMIT_SECONDS = 5;

  private DeathSignal() {}

  /// What to put before a command; nothing where this machine has no such program.
  static List<String> prefix() {
    return Availability.AVAILABLE ? SETPRIV : List.of();
  }

  /// Asked once.
  private static final class Availability {
    static final boolean AVAILABLE = works();

    private static boolean works() {
      try {
        Process trial =
            new ProcessBuilder(List.of("setpriv", "--pdeathsig", "KILL", "true"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!trial.waitFor(ANSWER_LIMIT_SECONDS, TimeUnit.SECONDS)) {
          trial.destroyForcibly();
          return false;
        }
        return trial.exitValue() == 0;
      } catch (IOException absent) {
        return false;
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}
