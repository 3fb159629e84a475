package mysqlagents.sidecar.donor;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import mysqlagents.files.Tree;

/// One backup's directory: the tool's option file and its scratch. Closing it removes all of it.
final class Scratch implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Scratch.class.getName());

  private final Path directory;

  private Scratch(Path directory) {
    this.directory = directory;
  }

  static Scratch fill(Path directory, String options) throws IOException {
    Scratch scratch = new Scratch(directory);
    try {
      Files.createDirectory(scratch.target());
      try (var file =
          Files.newByteChannel(
              scratch.optionFile(),
              Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        file.write(StandardCharsets.UTF_8.encode(options));
      }
      return scratch;
    } catch (IOException failure) {
      scratch.close();
      throw failure;
    }
  }

  Path optionFile() {
    return directory.resolve("client.cnf");
  }

  /// Where the tool may leave small files.
  Path target() {
    return directory.resolve("target");
  }

  /// Removes the password. To be called as soon as the tool has read it.
  void forgetPassword() throws IOException {
    Files.deleteIfExists(optionFile());
  }

  @Override
  public void close() {
    try {
      Tree.delete(directory);
    } catch (IOException failure) {
      // The next start of the sidecar tries again.
      LOG.log(WARNING, () -> "cannot remove " + directory, failure);
    }
  }
}
