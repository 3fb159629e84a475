package mysqlagents.clone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mysqlagents.files.Sizes;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;

/// Finds out before the first byte that a clone will not fit, instead of after hours.
final class FreeSpace {
  /// For the redo log of what is written while the backup runs, and for what prepare adds: the
  /// temporary tablespace, undo, a redo log of its own.
  private static final long MARGIN = 64L << 20;

  private FreeSpace() {}

  /// What a clone of `size` bytes needs: a twentieth more for the same reasons, for they grow with
  /// the data.
  static long needed(long size) {
    return size + size / 20 + MARGIN;
  }

  /// @param size the donor's estimate; 0 if it gave none, and then nothing is checked
  static void require(Path volume, long size, String donor) throws IOException, AgentFailure {
    long free = Files.getFileStore(volume).getUsableSpace();
    if (size > 0 && free < needed(size)) {
      throw new AgentFailure(
          ExitCode.FILES,
          "a clone of %s's %s needs %s with its margin, and %s has %s free"
              .formatted(
                  donor, Sizes.text(size), Sizes.text(needed(size)), volume, Sizes.text(free)),
          "give this pod a larger volume");
    }
  }
}
