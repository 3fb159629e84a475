package mysqlagents.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/// Whether something is there. Unlike [Files#exists] and its like, this does not take what cannot
/// be looked at for what is not there.
public final class Presence {
  private Presence() {}

  /// @return empty if there is nothing of that name
  public static Optional<BasicFileAttributes> of(Path path, LinkOption... options)
      throws IOException {
    try {
      return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, options));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }
}
