package mysqlagents.main;

import java.time.Duration;

/// A thread for work that goes on until this is closed. It keeps no process alive.
public final class Worker implements AutoCloseable {
  /// How long the end is waited for. Only a statement or a file that hangs takes longer.
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  private final Thread thread;

  private Worker(Thread thread) {
    this.thread = thread;
  }

  /// Work that ends, sooner or later, once its thread is interrupted.
  @FunctionalInterface
  public interface Work {
    void run() throws InterruptedException;
  }

  /// @param name the thread's, as a thread dump shows it
  public static Worker start(String name, Work work) {
    return new Worker(Thread.ofPlatform().name(name).daemon().start(() -> run(work)));
  }

  private static void run(Work work) {
    try {
      work.run();
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  /// Interrupts the work and waits for its end.
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(CLOSE_LIMIT);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
