package mysqlagents.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import mysqlagents.testbed.ChildProcess;
import org.jspecify.annotations.Nullable;

/// A process that is started again when it ends, with growing pauses, as a container is. When its
/// main process ends, whatever that left behind is killed.
public final class Container {
  /// Kubernetes pauses from 10 s to 5 min; here nobody wants to wait that long.
  private static final Duration LEAST_PAUSE = Duration.ofMillis(500);

  static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

  /// A process that ran for this long is taken to have been well; the next pause is the least.
  private static final Duration WELL_AFTER = Duration.ofSeconds(10);

  /// What Kubernetes shows for a container that its runtime could not start.
  private static final int CANNOT_START = 128;

  private final String name;
  private final Path log;
  private final Duration longestPause;
  private final Launch launch;
  private @Nullable ChildProcess process;
  private boolean stopping;
  private int starts;
  private @Nullable Integer lastStatus;

  /// Starts the process once.
  @FunctionalInterface
  interface Launch {
    ChildProcess start(Path log) throws IOException;
  }

  Container(String name, Path log, Duration longestPause, Launch launch) {
    this.name = name;
    this.log = log;
    this.longestPause = longestPause;
    this.launch = launch;
  }

  public String name() {
    return name;
  }

  /// The output of all its starts.
  public Path log() {
    return log;
  }

  /// How often it has been started.
  public synchronized int starts() {
    return starts;
  }

  /// The exit status of its last end; null before that.
  public synchronized @Nullable Integer lastStatus() {
    return lastStatus;
  }

  public synchronized boolean isRunning() {
    return process != null && process.isAlive();
  }

  /// Kills all of it by SIGKILL, as a node does that is out of memory. It is started again.
  public void kill() throws IOException {
    ChildProcess running = running();
    running.kill();
    running.killAll();
  }

  /// Sends SIGTERM to its main process, which is started again when it has ended.
  public void terminate() {
    running().terminate();
  }

  public void freeze() throws IOException {
    running().freeze();
  }

  public void thaw() throws IOException {
    running().thaw();
  }

  /// Processes that its main process started, such as the donor's backup tool.
  ///
  /// @param program the file name of their executable
  public List<ProcessHandle> children(String program) {
    return ProcessHandle.of(running().pid()).stream()
        .flatMap(ProcessHandle::descendants)
        .filter(child -> child.info().command().orElse("").endsWith("/" + program))
        .toList();
  }

  /// The last `lines` lines of its output.
  public String logTail(int lines) throws IOException {
    return LabLog.tail(log, lines);
  }

  /// Runs it until it ends with status 0; returns false if it was stopped before that.
  boolean runToSuccess() throws IOException {
    Pauses pauses = new Pauses();
    while (true) {
      Integer status = runOnce();
      if (status == null || status == 0) {
        return status != null;
      }
      pauses.pause();
    }
  }

  /// Runs it until it is stopped.
  void runAlways() throws IOException {
    Pauses pauses = new Pauses();
    while (runOnce() != null) {
      pauses.pause();
    }
  }

  /// Ends it for good: SIGTERM, and SIGKILL after `grace`.
  void stop(Duration grace) throws IOException {
    ChildProcess running;
    synchronized (this) {
      stopping = true;
      notifyAll();
      running = process;
    }
    if (running == null) {
      return;
    }
    running.thaw();
    running.terminate();
    try {
      running.waitFor(grace);
    } catch (IOException _) {
      note("did not end within %d s after SIGTERM: killed".formatted(grace.toSeconds()));
    } finally {
      running.killAll();
    }
  }

  /// Starts it and waits for its end: its exit status, or null if it was stopped.
  @Nullable Integer runOnce() throws IOException {
    ChildProcess started;
    synchronized (this) {
      if (stopping) {
        return null;
      }
      starts++;
      note("start " + starts);
      try {
        started = launch.start(log);
      } catch (IOException failure) {
        note("cannot be started: " + failure.getMessage());
        lastStatus = CANNOT_START;
        return CANNOT_START;
      }
      process = started;
    }
    int status = started.onExit().join();
    started.killAll();
    note("ended with status " + status);
    synchronized (this) {
      lastStatus = status;
      return stopping ? null : status;
    }
  }

  private void note(String event) throws IOException {
    Files.writeString(
        log,
        "--- %s %s: %s%n".formatted(Instant.now().truncatedTo(ChronoUnit.MILLIS), name, event),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private synchronized ChildProcess running() {
    if (process == null || !process.isAlive()) {
      throw new IllegalStateException(name + " does not run");
    }
    return process;
  }

  private final class Pauses {
    private Duration next = least();
    private long startedAt = System.nanoTime();

    private Duration least() {
      return LEAST_PAUSE.compareTo(longestPause) < 0 ? LEAST_PAUSE : longestPause;
    }

    /// Waits between two starts, or until stopped.
    void pause() {
      if (System.nanoTime() - startedAt > WELL_AFTER.toNanos()) {
        next = least();
      }
      long end = System.nanoTime() + next.toNanos();
      synchronized (Container.this) {
        while (!stopping && System.nanoTime() < end) {
          try {
            Container.this.wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            stopping = true;
          }
        }
      }
      Duration doubled = next.multipliedBy(2);
      next = doubled.compareTo(longestPause) < 0 ? doubled : longestPause;
      startedAt = System.nanoTime();
    }
  }
}
