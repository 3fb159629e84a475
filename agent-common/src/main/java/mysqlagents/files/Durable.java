package mysqlagents.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// `fsync` for files, directories and whole trees.
public final class Durable {
  private Durable() {}

  /// Returns once the names in `directory` are on disk.
  public static void directory(Path directory) throws IOException {
    // Linux allows fsync on a descriptor that was opened for reading, which is the only way to open
    // a directory.
    file(directory);
  }

  /// Returns once the content and length of `file` are on disk.
  public static void file(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException failure) {
      throw FileFailure.named(file, failure);
    }
  }

  /// Returns once every file and directory under `root`, and `root` itself, is on disk. Links are
  /// not followed.
  public static void tree(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              Durable.file(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Durable.directory(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /// The directory that holds `file`; only the file system's root has none.
  public static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " has no parent directory");
    }
    return parent;
  }
}
