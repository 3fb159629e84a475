package mysqlagents.clone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class StagingTest {
  @TempDir private Path root;

  @Test
  void leftoversGoAndLinksAreNotFollowed() throws Exception {
    Path precious = Files.createDirectory(root.resolve("precious"));
    Files.writeString(precious.resolve("file"), "kept");
    Path staging = root.resolve("staging");
    Files.createDirectories(staging.resolve("a/b/c"));
    Files.writeString(staging.resolve("a/b/half"), "x");
    Files.createSymbolicLink(staging.resolve("a/link"), precious);

    new Staging(staging).remove();

    assertThat(staging).doesNotExist();
    assertThat(precious.resolve("file")).hasContent("kept");
  }

  @Test
  void aLinkInItsPlaceGoesAndItsTargetStays() throws Exception {
    Path precious = Files.createDirectory(root.resolve("precious"));
    Files.writeString(precious.resolve("file"), "kept");
    Path staging = Files.createSymbolicLink(root.resolve("staging"), precious);
    new Staging(staging).remove();
    assertThat(Files.exists(staging, LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(precious.resolve("file")).hasContent("kept");
  }

  /// What cannot be removed must not hide why it has to be.
  @Test
  void aFailureIsToldOfAlthoughWhatItLeavesCannotBeRemoved() {
    IOException failure = new IOException("the reason");
    // Whoever asks: the kernel lets nobody delete here.
    new Staging(Path.of("/proc/self/attr")).removeAfter(failure);
    assertThat(failure.getSuppressed()).hasSize(1);
  }

  @Test
  void isMadeEmptyAndForItsOwnerAndGroupAlone() throws Exception {
    Path staging = Files.createDirectory(root.resolve("staging"));
    Files.writeString(staging.resolve("old"), "x");
    new Staging(staging).create();
    assertThat(staging).isEmptyDirectory();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(staging)))
        .isEqualTo("rwxr-x---");
  }

  @Test
  void removingNothingIsNothing() throws Exception {
    new Staging(root.resolve("staging")).remove();
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void anOrphanedPrepareIsEndedAndNobodyElse() throws Exception {
    Path staging = Files.createDirectory(root.resolve("staging"));
    Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
    Process orphan = shell("--prepare", staging);
    Process shell = shell("--login", staging);
    Process other = shell("--prepare", elsewhere);
    try {
      new Staging(staging).remove();
      assertThat(orphan.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(shell.isAlive()).isTrue();
      assertThat(other.isAlive()).isTrue();
    } finally {
      for (Process process : new Process[] {orphan, shell, other}) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  private static Process shell(String argument, Path directory) throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", "echo up; read x", "sh", argument)
            .directory(directory.toFile())
            .start();
    assertThat(process.getInputStream().read()).isEqualTo('u');
    return process;
  }
}
