package mysqlagents.clone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import mysqlagents.files.Durable;
import mysqlagents.files.Volume;
import mysqlagents.journal.CloneManifest;
import mysqlagents.journal.Journal;

/// The only moment at which a clone becomes a data directory. `docs/decisions/0002-promotion.md`
/// goes through it crash by crash.
final class Promotion {
  private Promotion() {}

  /// @param manifest on disk before the data has its name, so that data without a position never
  ///   exists
  static void promote(Volume volume, Journal journal, CloneManifest manifest, Stages stages)
      throws IOException {
    Durable.tree(volume.staging());
    stages.ended("sync");
    journal.write(manifest);
    // rename(2): takes the place of an empty directory, and fails if there is anything in it.
    Files.move(volume.staging(), volume.data(), StandardCopyOption.ATOMIC_MOVE);
    Durable.directory(volume.root());
    stages.ended("promote");
  }
}
