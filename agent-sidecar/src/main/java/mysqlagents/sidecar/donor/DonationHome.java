package mysqlagents.sidecar.donor;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import mysqlagents.files.Tree;

/// The directory in which mysqld makes its copies. Nothing in it outlives the backup that it was
/// made for.
public final class DonationHome {
  private static final System.Logger LOG = System.getLogger(DonationHome.class.getName());
  private static final String PREFIX = "backup-";

  /// What we made; anything else in there is somebody else's (law 5).
  private static final Pattern OURS = Pattern.compile(PREFIX + "[0-9a-f-]{36}");

  private final Path directory;
  private final Set<Path> inUse = ConcurrentHashMap.newKeySet();
  private boolean leftoversFound;

  private DonationHome(Path directory) {
    this.directory = directory;
  }

  /// Makes the directory if need be, and removes what a crash has left in it.
  public static DonationHome open(Path directory) {
    DonationHome home = new DonationHome(directory);
    try {
      Files.createDirectories(directory);
      home.leftoversFound = home.removeLeftovers();
    } catch (IOException failure) {
      // A pod that never donates can do without, and one that does is told then.
      LOG.log(WARNING, () -> "cannot prepare %s for donations".formatted(directory), failure);
    }
    return home;
  }

  Path directory() {
    return directory;
  }

  /// Whether a crash had left something: mysqld may still be working on it.
  boolean leftoversFound() {
    return leftoversFound;
  }

  /// Where the copy for a backup is to be until it is removed; mysqld makes it.
  Path placeOf(String backupId) {
    Path place = directory.resolve(PREFIX + backupId);
    inUse.add(place);
    return place;
  }

  /// Whether a statement is about a copy that is wanted.
  boolean isInUse(String statement) {
    return inUse.stream().anyMatch(place -> statement.contains(place.toString()));
  }

  /// Removes what belongs to no backup that is running.
  ///
  /// @return whether there was any
  boolean removeLeftovers() throws IOException {
    boolean any = false;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (OURS.matcher(entry.getFileName().toString()).matches() && !inUse.contains(entry)) {
          Tree.delete(entry);
          LOG.log(INFO, () -> "removed %s, which belongs to no backup".formatted(entry));
          any = true;
        }
      }
    }
    return any;
  }

  void remove(Path place) {
    try {
      Tree.delete(place);
    } catch (IOException failure) {
      // The next backup, or the next start of the sidecar, tries again.
      LOG.log(WARNING, () -> "cannot remove " + place, failure);
    } finally {
      inUse.remove(place);
    }
  }
}
