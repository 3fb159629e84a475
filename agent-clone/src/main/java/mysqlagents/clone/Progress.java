package mysqlagents.clone;

import static java.lang.System.Logger.Level.INFO;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import mysqlagents.files.Sizes;

/// A line in the log at regular times while something takes long, also while it stands still.
final class Progress implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Progress.class.getName());

  private final Thread ticker;

  private Progress(Duration interval, Supplier<String> line) {
    this.ticker = Thread.ofVirtual().name("progress").start(() -> tick(interval, line));
  }

  static Progress of(Duration interval, Supplier<String> line) {
    return new Progress(interval, line);
  }

  /// @param size about how many bytes will come; 0 if that is not known
  static Progress ofTransfer(Duration interval, String donor, long size, LongSupplier received) {
    Transfer transfer = new Transfer(donor, size, System.nanoTime());
    return of(interval, () -> transfer.line(received.getAsLong(), System.nanoTime()));
  }

  private static void tick(Duration interval, Supplier<String> line) {
    try {
      while (true) {
        Thread.sleep(interval);
        LOG.log(INFO, line);
      }
    } catch (InterruptedException _) {
      // closed
    }
  }

  @Override
  public void close() {
    ticker.interrupt();
  }

  /// A transfer of which a line can be said at any moment.
  ///
  /// @param start as `System.nanoTime()` has it, like all times here
  record Transfer(String donor, long size, long start) {
    private static final double NANOS = 1e9;

    String line(long received, long now) {
      double seconds = Math.max(1e-3, (now - start) / NANOS);
      double rate = received / seconds;
      String text =
          "received %s%s from %s, %s/s"
              .formatted(Sizes.text(received), share(received), donor, Sizes.text(rate));
      // The size is an estimate; past it nothing can be said of the end.
      return size > received && rate >= 1
          ? text + ", about %s left".formatted(time(Math.round((size - received) / rate)))
          : text;
    }

    private String share(long received) {
      return size == 0
          ? ""
          : " of about %s (%d %%)"
              .formatted(Sizes.text(size), Math.min(100, Math.round(100.0 * received / size)));
    }
  }

  /// `75` → `1 min 15 s`.
  static String time(long seconds) {
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? "%d min %d s".formatted(seconds / 60, seconds % 60)
        : "%d h %d min".formatted(seconds / 3600, seconds % 3600 / 60);
  }
}
