package mysqlagents.k8s;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/// Waits for what a user would watch for.
final class Waiting {
  static final Duration POLL = Duration.ofMillis(500);

  private Waiting() {}

  /// A question to the cluster. A failing one counts as no, for a pod that is just coming up cannot
  /// answer.
  @FunctionalInterface
  interface Condition {
    boolean holds() throws IOException;
  }

  /// What there is to say of a wait in vain.
  @FunctionalInterface
  interface Sight {
    String look() throws IOException;
  }

  /// Waits until `condition` holds.
  ///
  /// @param what completes "did not see ..."
  /// @throws StepFailure if it does not within `limit`
  static void until(String what, Duration limit, Condition condition, Sight sight)
      throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!holds(condition)) {
      if (System.nanoTime() > deadline) {
        throw new StepFailure(
            "did not see %s in %d s:%n%s".formatted(what, limit.toSeconds(), look(sight)));
      }
      pause(POLL);
    }
  }

  static void pause(Duration time) throws InterruptedIOException {
    try {
      Thread.sleep(time);
    } catch (InterruptedException _) {
      throw interrupted("waiting");
    }
  }

  static InterruptedIOException interrupted(String during) {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted during " + during);
  }

  private static boolean holds(Condition condition) throws IOException {
    try {
      return condition.holds();
    } catch (KubectlException _) {
      return false;
    }
  }

  private static String look(Sight sight) throws IOException {
    try {
      return sight.look();
    } catch (KubectlException failure) {
      return String.valueOf(failure.getMessage());
    }
  }
}
