package mysqlagents.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Waits for the disks to come to rest. What one contestant has written is still being written
/// back, and what was deleted still being discarded, long after it has ended; the next one would
/// pay.
final class QuietDisk {
  /// The kernel's counters of all requests to all disks; they stand still when the disks do
  /// (proc(5)).
  private static final Path COUNTERS = Path.of("/proc/diskstats");

  private static final int STILL_MILLIS = 2_000;
  private static final int ATTEMPTS = 30;

  private QuietDisk() {}

  /// Returns after two seconds without a request, or after a minute on a machine that is never
  /// quiet.
  static void await() throws IOException {
    String before = Files.readString(COUNTERS);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      pause();
      String now = Files.readString(COUNTERS);
      if (now.equals(before)) {
        return;
      }
      before = now;
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(STILL_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }
}
