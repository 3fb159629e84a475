package mysqlagents.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import mysqlagents.lab.Waiting;

/// Waits for the disks to come to rest. What one contestant has written is still being written
/// back, and what was deleted still being discarded, long after it has ended; the next one would
/// pay.
final class QuietDisk {
  /// The kernel's counters of all requests to all disks; they stand still when the disks do
  /// (proc(5)).
  private static final Path COUNTERS = Path.of("/proc/diskstats");

  private static final Duration STILL = Duration.ofSeconds(2);
  private static final int ATTEMPTS = 30;

  private QuietDisk() {}

  /// Returns after two seconds without a request, or after a minute on a machine that is never
  /// quiet.
  static void await() throws IOException {
    String before = Files.readString(COUNTERS);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Waiting.pause(STILL);
      String now = Files.readString(COUNTERS);
      if (now.equals(before)) {
        return;
      }
      before = now;
    }
  }
}
