package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TreeListingTest {
  @TempDir private Path directory;

  @Test
  void namesFilesAndDirectories() throws IOException {
    Files.createDirectories(directory.resolve("b/empty"));
    Files.createDirectories(directory.resolve("a/deep/er"));
    Files.writeString(directory.resolve("a/deep/er/file"), "12345");
    Files.createFile(directory.resolve("b/nothing"));
    TreeListing listing = TreeListing.of(directory);
    assertThat(listing.directories()).containsExactly("a", "a/deep", "a/deep/er", "b", "b/empty");
    assertThat(listing.files())
        .containsExactly(
            new TreeListing.Entry(new MemberName("a/deep/er/file"), 5),
            new TreeListing.Entry(new MemberName("b/nothing"), 0));
  }

  @Test
  void takesNamesUpToTheLimitAndNoLonger() throws IOException {
    String longest = ("d".repeat(99) + "/").repeat(5) + "0123456789a";
    Files.createDirectories(directory.resolve(longest).resolveSibling(""));
    Files.createFile(directory.resolve(longest));
    assertThat(TreeListing.of(directory).files())
        .containsExactly(new TreeListing.Entry(new MemberName(longest), 0));
    Files.createFile(directory.resolve(longest + "b"));
    assertThatThrownBy(() -> TreeListing.of(directory))
        .isInstanceOf(FileSystemException.class)
        .hasMessageStartingWith(
            directory + ": holds what a stream cannot carry: the name 'dddddddd")
        .hasMessageEndingWith("/0123456789ab' is 512 bytes long; the limit is 511");
  }

  @Test
  void refusesNamesThatNoReaderWouldTake() throws IOException {
    Path file = Files.createFile(directory.resolve("a\nb"));
    assertRefused("the name 'a\\u000ab' has a control character in it");
    Files.delete(file);
    Files.createDirectory(directory.resolve("a\\b"));
    assertRefused("the name 'a\\b' has a backslash in it");
  }

  private void assertRefused(String reason) {
    assertThatThrownBy(() -> TreeListing.of(directory))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(directory + ": holds what a stream cannot carry: " + reason);
  }

  @Test
  void refusesANameThatIsNotUtf8() throws Exception {
    sh("touch \"$(printf 'a\\377')\"");
    assertThatThrownBy(() -> TreeListing.of(directory))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("has a name that is not UTF-8; a stream cannot carry it");
  }

  @Test
  void refusesALink() throws IOException {
    Files.createDirectory(directory.resolve("d"));
    Files.createSymbolicLink(directory.resolve("d/l"), directory);
    assertThatThrownBy(() -> TreeListing.of(directory))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(directory + "/d/l: is a symbolic link, which a stream cannot carry");
  }

  @Test
  void refusesASpecialFile() throws Exception {
    sh("mkfifo f");
    assertThatThrownBy(() -> TreeListing.of(directory))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(directory + "/f: is neither a file nor a directory; a stream cannot carry it");
  }

  @Test
  void refusesWhatIsNoDirectory() throws IOException {
    Path file = Files.createFile(directory.resolve("f"));
    assertThatThrownBy(() -> TreeListing.of(file))
        .isInstanceOf(NotDirectoryException.class)
        .hasMessage(file.toString());
    Path absent = directory.resolve("absent");
    assertThatThrownBy(() -> TreeListing.of(absent))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(absent.toString());
    Path link = Files.createSymbolicLink(directory.resolve("l"), directory);
    assertThatThrownBy(() -> TreeListing.of(link)).isInstanceOf(NotDirectoryException.class);
  }

  private void sh(String script) throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder("sh", "-c", script).directory(directory.toFile()).inheritIO().start();
    assertThat(shell.waitFor()).as(script).isZero();
  }
}
