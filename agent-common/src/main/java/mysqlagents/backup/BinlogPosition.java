package mysqlagents.backup;

import java.util.Objects;
import java.util.regex.Pattern;

/// A place in a server's binary log.
///
/// @param file a name such as `mysql-bin.000002`
/// @param position a byte offset in it, from 0
public record BinlogPosition(String file, long position) {
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  /// A file name's limit on all usual file systems, in characters.
  private static final int MAX_NAME = 255;

  public BinlogPosition {
    Objects.requireNonNull(file, "file is missing");
    if (file.isBlank()
        || file.length() > MAX_NAME
        || file.indexOf('/') >= 0
        || file.chars().anyMatch(c -> Character.isISOControl(c) || Character.isWhitespace(c))) {
      throw new IllegalArgumentException("'%s' is not the name of a binary log".formatted(file));
    }
    if (position < 0) {
      throw new IllegalArgumentException(
          "%d is not a position in a binary log".formatted(position));
    }
  }

  /// @param position decimal digits
  /// @throws IllegalArgumentException if this is no place in a binary log
  static BinlogPosition parse(String file, String position) {
    if (!DIGITS.matcher(position).matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a position in a binary log".formatted(position));
    }
    return new BinlogPosition(file, Long.parseLong(position));
  }

  @Override
  public String toString() {
    return file + ":" + position;
  }
}
