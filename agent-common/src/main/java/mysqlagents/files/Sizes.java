package mysqlagents.files;

import java.util.Locale;

/// Byte counts as people read them.
public final class Sizes {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Sizes() {}

  public static String text(long bytes) {
    return text((double) bytes);
  }

  /// `1536` → `1.5 KiB`.
  public static String text(double bytes) {
    int unit = 0;
    double value = bytes;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0
        ? "%d B".formatted((long) value)
        : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }
}
