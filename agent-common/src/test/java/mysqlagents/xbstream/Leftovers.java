package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What a receiver must not leave behind in its process.
final class Leftovers {
  private Leftovers() {}

  /// Fails if a file under `directory` is open, or the thread that brings files to disk is alive.
  static void assertNone(Path directory) {
    assertThat(openFiles(directory)).isEmpty();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("xbstream-write-back");
  }

  private static List<Path> openFiles(Path directory) {
    List<Path> open = new ArrayList<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        try {
          Path target = Files.readSymbolicLink(descriptor);
          if (target.startsWith(directory)) {
            open.add(target);
          }
        } catch (NoSuchFileException _) {
          // The descriptor of the listing itself.
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return open;
  }
}
