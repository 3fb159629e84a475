package mysqlagents.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Keeps what the containers of a set have said, for whoever has to find out why a test fails.
final class Logs {
  private Logs() {}

  static void save(MysqlSet set, Path directory) throws IOException {
    Files.createDirectories(directory);
    for (Pod pod : set.pods()) {
      for (String container : pod.containers()) {
        Files.writeString(
            directory.resolve("%s-%s.log".formatted(pod.name(), container)), pod.log(container));
      }
    }
  }
}
