package mysqlagents.main;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogManager;

/// Lets an agent that runs until it is told to stop end in good order on `SIGTERM` and `SIGINT`,
/// with an exit code of its own: an orderly stop is exit code 0, not 143.
public final class StopSignal {
  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile ExitCode exitCode = ExitCode.OK;

  private StopSignal() {}

  /// To be called first of all in a `main`, before anything is logged.
  ///
  /// @param limit how long the end may take; the process is ended then in any case
  public static StopSignal install(Duration limit) {
    System.setProperty("java.util.logging.manager", LastingLogs.class.getName());
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> signal.hook(limit), "stop"));
    return signal;
  }

  /// Returns when the process has been told to stop.
  public void await() throws InterruptedException {
    requested.await();
  }

  /// Runs `agent`, and ends the process with the exit code that comes of it.
  public void exitAfter(String name, AgentMain.Agent agent) {
    exitCode = AgentMain.run(name, agent);
    ended.countDown();
    // Returns only if no signal came; otherwise the hook, which is what the JVM waits for now, ends
    // the process.
    System.exit(exitCode.value());
  }

  private void hook(Duration limit) {
    if (ended.getCount() == 0) {
      return;
    }
    requested.countDown();
    try {
      if (ended.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        Runtime.getRuntime().halt(exitCode.value());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// The JDK's own log manager takes the handlers away in a shutdown hook, at the same time as an
  /// agent tells how it stops.
  public static final class LastingLogs extends LogManager {
    @Override
    public void reset() {
      // Deliberately nothing.
    }
  }
}
