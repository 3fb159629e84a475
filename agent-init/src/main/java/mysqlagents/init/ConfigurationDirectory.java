package mysqlagents.init;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import mysqlagents.files.AtomicFile;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.AgentMain;
import mysqlagents.main.ExitCode;

/// The directory that mysqld includes. Files in it that are not ours are left alone.
final class ConfigurationDirectory {
  /// mysqld runs as a user of its own and must be able to read what is written here; nothing in it
  /// is secret. A server ignores option files that others may write.
  private static final String PERMISSIONS = "rw-r--r--";

  private final Path directory;

  ConfigurationDirectory(Path directory) {
    this.directory = directory;
  }

  void write(String fileName, byte[] content) throws AgentFailure {
    change("write", fileName, file -> AtomicFile.write(file, content, PERMISSIONS));
  }

  void write(String fileName, String content) throws AgentFailure {
    write(fileName, content.getBytes(StandardCharsets.UTF_8));
  }

  void remove(String fileName) throws AgentFailure {
    change("remove", fileName, AtomicFile::delete);
  }

  /// Removes a file only if it begins with `mark`.
  void removeOwn(String fileName, String mark) throws AgentFailure {
    change(
        "remove",
        fileName,
        file -> {
          if (Files.exists(file) && Files.readString(file).startsWith(mark)) {
            AtomicFile.delete(file);
          }
        });
  }

  private void change(String act, String fileName, Change change) throws AgentFailure {
    Path file = directory.resolve(fileName);
    try {
      change.apply(file);
    } catch (IOException failure) {
      throw new AgentFailure(
          ExitCode.CANNOT_CREATE,
          "cannot %s %s: %s".formatted(act, file, AgentMain.reason(failure)),
          "mount an emptyDir that this container's user may write at CONF_D_DIRECTORY (%s)"
              .formatted(directory),
          failure);
    }
  }

  @FunctionalInterface
  private interface Change {
    void apply(Path file) throws IOException;
  }
}
