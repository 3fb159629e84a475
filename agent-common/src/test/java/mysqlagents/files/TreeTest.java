package mysqlagents.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class TreeTest {
  @TempDir private Path directory;

  @Test
  void isDeletedWithAllThatIsInIt() throws Exception {
    Path root = Files.createDirectories(directory.resolve("root/a/b")).resolve("../..").normalize();
    Files.writeString(root.resolve("a/b/file"), "x");
    Files.createDirectory(root.resolve("empty"));
    Tree.delete(root);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void whereALinkLeadsIsNotTouched() throws Exception {
    Path precious = Files.writeString(directory.resolve("precious"), "kept");
    Path others = Files.createDirectory(directory.resolve("others"));
    Files.writeString(others.resolve("file"), "kept");
    Path root = Files.createDirectory(directory.resolve("root"));
    Files.createSymbolicLink(root.resolve("to-file"), precious);
    Files.createSymbolicLink(root.resolve("to-directory"), others);
    Path link = Files.createSymbolicLink(directory.resolve("link"), others);
    Tree.delete(root);
    Tree.delete(link);
    assertThat(directory).isDirectoryContaining(path -> path.equals(precious));
    assertThat(root).doesNotExist();
    assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(others.resolve("file")).hasContent("kept");
  }

  @Test
  void whatIsNotThereIsNoFailure() throws Exception {
    Tree.delete(directory.resolve("absent"));
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void whatCannotBeDeletedIsAFailure() {
    assertThatThrownBy(() -> Tree.delete(Path.of("/proc/self/status")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/proc/self/status");
  }
}
