package mysqlagents.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The most memory that a process has had resident, as the kernel counts it (`VmHWM` in
/// `/proc/PID/status`, proc(5)). It includes file-backed pages that processes share.
final class PeakMemory {
  private static final String KEY = "VmHWM:";

  private PeakMemory() {}

  /// @return bytes; 0 once the process has ended
  static long of(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/%d/status".formatted(pid)))) {
        if (line.startsWith(KEY)) {
          return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
      }
    } catch (IOException _) {
      // It ended between two looks.
    }
    return 0;
  }
}
