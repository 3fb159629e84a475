package mysqlagents.clone;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import mysqlagents.files.Presence;
import mysqlagents.files.Volume;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;

/// What is where mysqld's data belongs.
final class DataDirectory {
  /// The directory of the system schema, which every server from 5.6 to 9.x and every MariaDB has.
  /// The servers' own images ask for it too before they decide to initialise.
  private static final String SYSTEM_SCHEMA = "mysql";

  private static final int SHOWN = 5;

  private DataDirectory() {}

  /// Whether there is data to keep; also data that was not made by us is.
  ///
  /// @throws AgentFailure if there are files that are no data directory: they are somebody's, and
  ///   only somebody can say what they are worth
  static boolean holdsData(Volume volume) throws IOException, AgentFailure {
    if (!volume.holdsData()) {
      return false;
    }
    Path schema = volume.data().resolve(SYSTEM_SCHEMA);
    if (Presence.of(schema).filter(BasicFileAttributes::isDirectory).isEmpty()) {
      throw new AgentFailure(
          ExitCode.REFUSED,
          "%s holds %s but no directory %s: it is not a data directory, or not a whole one"
              .formatted(volume.data(), names(volume.data()), SYSTEM_SCHEMA),
          "see what these files are; if nothing in them is of value, empty the directory, and this pod gets its data anew");
    }
    return true;
  }

  private static String names(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    }
    Collections.sort(names);
    String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    return names.size() <= SHOWN ? shown : "%s and %d more".formatted(shown, names.size() - SHOWN);
  }
}
