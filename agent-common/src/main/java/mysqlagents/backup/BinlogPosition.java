package mysqlagents.backup;

import java.util.Objects;

/// A place in a server's binary log.
///
/// @param file a name such as `mysql-bin.000002`
/// @param position a byte offset in it, from 0
public record BinlogPosition(String file, long position) {
  public BinlogPosition {
    Objects.requireNonNull(file, "file is missing");
    if (file.isBlank() || file.indexOf('/') >= 0) {
      throw new IllegalArgumentException("'%s' is not the name of a binary log".formatted(file));
    }
    if (position < 0) {
      throw new IllegalArgumentException(
          "%d is not a position in a binary log".formatted(position));
    }
  }

  @Override
  public String toString() {
    return file + ":" + position;
  }
}
