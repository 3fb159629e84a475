package mysqlagents.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mysqlagents.files.Tree;

/// A directory under the system's temporary one that is gone, with all in it, once closed.
public final class TemporaryDirectory implements AutoCloseable {
  private final Path path;

  private TemporaryDirectory(Path path) {
    this.path = path;
  }

  /// @param prefix tells a person who finds it whose it is
  public static TemporaryDirectory create(String prefix) throws IOException {
    return new TemporaryDirectory(Files.createTempDirectory(prefix));
  }

  /// A directory on another file system than the usual one.
  public static TemporaryDirectory create(Path parent, String prefix) throws IOException {
    return new TemporaryDirectory(Files.createTempDirectory(parent, prefix));
  }

  /// A directory whose path is short enough for Unix sockets, which allow 107 bytes.
  static TemporaryDirectory forSockets(String prefix) throws IOException {
    return create(Path.of("/tmp"), prefix);
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      Tree.delete(path);
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot delete " + path, failure);
    }
  }
}
