package mysqlagents.clone;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// How much memory prepare is given for InnoDB's recovery.
final class PrepareMemory {
  /// The tools' own default. With less they may not start.
  static final long LEAST = 100L << 20;

  /// Recovery holds the pages that the redo log touches; what was written while a backup ran rarely
  /// touches more, and a machine without a limit has neighbours.
  private static final long MOST = 4L << 30;

  private PrepareMemory() {}

  /// Half of what this container may use: the rest is for this process, for the tool itself, and
  /// for the file cache, which counts against the same limit.
  static long ofContainer() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine
        ? of(machine.getTotalMemorySize())
        : LEAST;
  }

  /// In whole MiB, as the tools print it.
  static long of(long memory) {
    return Math.clamp(memory / 2, LEAST, MOST) >> 20 << 20;
  }
}
