package mysqlagents.init;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.AgentMain;
import mysqlagents.main.ExitCode;

/// Reads the files of a mounted ConfigMap.
final class ConfigMap {
  private ConfigMap() {}

  static byte[] read(Path directory, String fileName) throws AgentFailure {
    Path file = directory.resolve(fileName);
    try {
      return Files.readAllBytes(file);
    } catch (IOException failure) {
      throw new AgentFailure(
          ExitCode.NO_INPUT,
          "cannot read %s: %s".formatted(file, AgentMain.reason(failure)),
          "give the ConfigMap that is mounted at CONFIG_MAP_DIRECTORY (%s) a readable key %s"
              .formatted(directory, fileName),
          failure);
    }
  }
}
