package mysqlagents.lab;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/// Waits for conditions by asking again and again.
public final class Waiting {
  private static final Duration POLL = Duration.ofMillis(100);

  private Waiting() {}

  /// A question that may fail for reasons that pass.
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws Exception;
  }

  /// Whether `condition` came to hold within `limit`. A failing question counts as no.
  public static boolean until(Duration limit, Condition condition) throws InterruptedIOException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      if (holds(condition)) {
        return true;
      }
      if (System.nanoTime() > deadline) {
        return false;
      }
      pause(POLL);
    }
  }

  /// Sleeps.
  public static void pause(Duration time) throws InterruptedIOException {
    try {
      Thread.sleep(time);
    } catch (InterruptedException _) {
      throw interrupted("waiting");
    }
  }

  static InterruptedIOException interrupted(String during) {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while " + during);
  }

  private static boolean holds(Condition condition) throws InterruptedIOException {
    try {
      return condition.holds();
    } catch (InterruptedIOException interruption) {
      throw interruption;
    } catch (InterruptedException _) {
      throw interrupted("asking");
    } catch (IOException | java.sql.SQLException _) {
      return false;
    } catch (RuntimeException bug) {
      throw bug;
    } catch (Exception _) {
      return false;
    }
  }
}
