package mysqlagents.sidecar.donor;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How many bytes of a data directory a backup sends, about. Binary logs, redo logs and temporary
/// tablespaces stay behind, or come in small part.
public final class DataSize {
  /// A directory of 100,000 tables takes about a second to walk.
  private static final Duration GOOD_FOR = Duration.ofSeconds(30);

  /// Names at the top of a data directory.
  private static final Pattern NOT_SENT =
      Pattern.compile(
          "(?!aria_log).*\\.[0-9]{6,}" // binary and relay logs
              + "|ib_logfile[0-9]+|#innodb_redo|ibtmp[0-9]+|#innodb_temp|tc\\.log");

  private final Path directory;
  private long bytes;
  private @Nullable Long measuredAt;

  public DataSize(Path directory) {
    this.directory = directory;
  }

  /// As it was found in the last half minute.
  public synchronized long recent() throws IOException {
    if (measuredAt == null || System.nanoTime() - measuredAt > GOOD_FOR.toNanos()) {
      return measure();
    }
    return bytes;
  }

  /// As it is now; 0 where there is no data directory.
  public synchronized long measure() throws IOException {
    Sum sum = new Sum();
    if (Files.isDirectory(directory)) {
      Files.walkFileTree(directory, sum);
    }
    bytes = sum.bytes;
    measuredAt = System.nanoTime();
    return bytes;
  }

  private final class Sum extends SimpleFileVisitor<Path> {
    private long bytes;

    @Override
    public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
      return isSent(visited) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile() && isSent(file)) {
        bytes += attributes.size();
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException vanished) throws IOException {
      if (Files.exists(file)) {
        throw vanished;
      }
      return FileVisitResult.CONTINUE; // dropped while we looked
    }

    @Override
    public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
        throws IOException {
      if (failure != null && Files.exists(visited)) {
        throw failure;
      }
      return FileVisitResult.CONTINUE;
    }

    private boolean isSent(Path path) {
      return !directory.equals(path.getParent())
          || !NOT_SENT.matcher(path.getFileName().toString()).matches();
    }
  }
}
