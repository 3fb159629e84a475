package mysqlagents.clone;

import java.io.IOException;
import java.nio.file.Path;
import mysqlagents.files.Room;
import mysqlagents.files.Sizes;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;

/// Finds out before the first byte that a clone will not fit, instead of after hours.
final class FreeSpace {
  private FreeSpace() {}

  /// @param size the donor's estimate; 0 if it gave none, and then nothing is checked
  static void require(Path volume, long size, String donor) throws IOException, AgentFailure {
    Room room = Room.forCopyOf(size, volume);
    if (size > 0 && !room.isEnough()) {
      throw new AgentFailure(
          ExitCode.FILES,
          "a clone of %s's %s needs %s with its margin, and %s has %s free"
              .formatted(
                  donor,
                  Sizes.text(size),
                  Sizes.text(room.needed()),
                  volume,
                  Sizes.text(room.free())),
          "give this pod a larger volume");
    }
  }
}
