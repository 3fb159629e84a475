package mysqlagents.sidecar.donor;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// Sees whether somebody is writing into a directory.
final class Growth {
  private final Path directory;
  private @Nullable State before;

  /// @param changed the newest time of a change, in milliseconds since 1970
  private record State(long files, long bytes, long changed) {}

  Growth(Path directory) {
    this.directory = directory;
  }

  /// Whether anything was written since it was last asked.
  boolean isSeen() throws IOException {
    State now = look();
    boolean seen = !now.equals(before);
    before = now;
    return seen;
  }

  private State look() throws IOException {
    Sum sum = new Sum();
    if (Files.exists(directory)) {
      Files.walkFileTree(directory, sum);
    }
    return new State(sum.files, sum.bytes, sum.changed);
  }

  private static final class Sum extends SimpleFileVisitor<Path> {
    private long files;
    private long bytes;
    private long changed;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      files++;
      bytes += attributes.size();
      changed = Math.max(changed, attributes.lastModifiedTime().toMillis());
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException vanished) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException vanished) {
      return FileVisitResult.CONTINUE;
    }
  }
}
