package mysqlagents.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class AtomicFileTest {
  @TempDir private Path directory;

  private List<String> listing() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void replacesTheContentAndSetsThePermissions() throws Exception {
    Path file = directory.resolve("a.json");
    AtomicFile.write(file, "one", "rw-r-----");
    assertThat(file).hasContent("one");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    AtomicFile.write(file, "two", "rw-r--r--");
    assertThat(file).hasContent("two");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r--r--");
    assertThat(listing()).containsExactly("a.json");
  }

  @Test
  void whatACrashLeftBehindIsTakenAway() throws Exception {
    Path leftover = Files.writeString(directory.resolve(".a.json.tmp"), "half of a much longer te");
    Files.setPosixFilePermissions(leftover, PosixFilePermissions.fromString("r--------"));
    AtomicFile.write(directory.resolve("a.json"), "new", "rw-r-----");
    assertThat(directory.resolve("a.json")).hasContent("new");
    assertThat(listing()).containsExactly("a.json");
  }

  @Test
  void aLinkThatLiesInWaitIsNotFollowed() throws Exception {
    Path precious = Files.writeString(directory.resolve("precious"), "kept");
    Files.createSymbolicLink(directory.resolve(".a.json.tmp"), precious);
    Files.createSymbolicLink(directory.resolve("a.json"), precious);
    AtomicFile.write(directory.resolve("a.json"), "new", "rw-r-----");
    assertThat(precious).hasContent("kept");
    assertThat(directory.resolve("a.json")).isRegularFile().hasContent("new");
  }

  @Test
  void aFailureLeavesTheOldContentAndNoLitter() throws Exception {
    Path occupied = Files.createDirectory(directory.resolve("a.json"));
    Files.writeString(occupied.resolve("inside"), "kept");
    assertThatThrownBy(() -> AtomicFile.write(occupied, "new", "rw-r-----"))
        .isInstanceOf(FileSystemException.class);
    assertThat(occupied.resolve("inside")).hasContent("kept");
    assertThat(listing()).containsExactly("a.json");
  }

  @Test
  void namesAMissingDirectory() {
    Path file = directory.resolve("no/a.json");
    assertThatThrownBy(() -> AtomicFile.write(file, "new", "rw-r-----"))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void deletingIsRepeatable() throws Exception {
    Path file = Files.writeString(directory.resolve("a.json"), "old");
    AtomicFile.delete(file);
    AtomicFile.delete(file);
    assertThat(listing()).isEmpty();
  }

  /// A reader at any moment sees one of the two contents as a whole.
  @Test
  void aReaderNeverSeesAPart() throws Exception {
    Path file = directory.resolve("a.json");
    String old = "a".repeat(200_000);
    String next = "b".repeat(300_000);
    AtomicFile.write(file, old, "rw-r-----");
    AtomicBoolean done = new AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              try {
                for (int i = 0; i < 50; i++) {
                  AtomicFile.write(file, i % 2 == 0 ? next : old, "rw-r-----");
                }
              } catch (IOException failure) {
                throw new java.io.UncheckedIOException(failure);
              } finally {
                done.set(true);
              }
            });
    while (!done.get()) {
      String seen = Files.readString(file);
      assertThat(seen.equals(old) || seen.equals(next)).isTrue();
    }
    writer.join();
    assertThat(listing()).containsExactly("a.json");
  }
}
