package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What a receiver must not leave behind in its process.
final class Leftovers {
  private Leftovers() {}

  /// Fails if a file under `directory` is open, or the thread that brings files to disk is alive.
  static void assertNone(Path directory) {
    assertThat(openFiles(directory)).isEmpty();
    assertNoThread("xbstream-write-back");
  }

  /// Waits a little: an executor is closed while its last thread is still on its way out.
  static void assertNoThread(String name) {
    await()
        .pollDelay(Duration.ZERO)
        .untilAsserted(() ->
            assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain(name));
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
