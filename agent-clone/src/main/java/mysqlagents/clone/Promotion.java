package mysqlagents.clone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import mysqlagents.files.Durable;
import mysqlagents.files.Volume;
import mysqlagents.journal.CloneManifest;
import mysqlagents.journal.Journal;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;
import org.jspecify.annotations.Nullable;

/// The only moment at which a clone becomes a data directory. `docs/decisions/0002-promotion.md`
/// goes through it crash by crash.
final class Promotion {
  private Promotion() {}

  /// @param manifest on disk before the data has its name, so that data without a position never
  ///   exists
  /// @throws AgentFailure if the place is taken, by whatever has come there since the clone began
  static void promote(Volume volume, Journal journal, CloneManifest manifest, Stages stages)
      throws IOException, AgentFailure {
    Durable.tree(volume.staging());
    stages.ended("sync");
    requireFree(volume, null);
    journal.write(manifest);
    try {
      // rename(2): takes the place of an empty directory, and fails if there is anything in it.
      Files.move(volume.staging(), volume.data(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      // It would be believed of the data that is there.
      journal.clear();
      requireFree(volume, failure);
      throw failure;
    }
    Durable.directory(volume.root());
    stages.ended("promote");
  }

  private static void requireFree(Volume volume, @Nullable IOException cause)
      throws IOException, AgentFailure {
    if (volume.holdsData()) {
      throw new AgentFailure(
          ExitCode.REFUSED,
          "%s holds data that has come there since this pod began to clone: the clone takes the place of none"
              .formatted(volume.data()),
          "see what it is: if this pod has to go on with it, leave it there, and the next start keeps it; else move it away",
          cause);
    }
  }
}
