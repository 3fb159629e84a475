package mysqlagents.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether a copy of a server's data fits on a volume; asked before its first byte, instead of
/// found out after hours.
///
/// @param needed bytes, with a margin
/// @param free bytes that this process's user may still write
public record Room(long needed, long free) {
  /// For what is written meanwhile and for what a server or a tool adds when it takes up the copy:
  /// redo log, undo, the temporary tablespace.
  private static final long MARGIN = 64L << 20;

  /// @param volume any directory on it
  /// @param size of the data in bytes, as far as it is known
  public static Room forCopyOf(long size, Path volume) throws IOException {
    // A twentieth more for the same reasons as the margin, for they grow with the data.
    return new Room(size + size / 20 + MARGIN, Files.getFileStore(volume).getUsableSpace());
  }

  public boolean isEnough() {
    return needed <= free;
  }
}
