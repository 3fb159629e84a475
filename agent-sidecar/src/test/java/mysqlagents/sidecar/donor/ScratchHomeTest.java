package mysqlagents.sidecar.donor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import mysqlagents.settings.PodName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchHomeTest {
  private static final PodName POD = PodName.parse("mysql-1");

  @TempDir Path temporary;

  private ScratchHome open() throws IOException {
    return ScratchHome.open(temporary, POD, Path.of("/volume"));
  }

  private Path directory() throws IOException {
    try (var entries = Files.list(temporary)) {
      return entries.findFirst().orElseThrow();
    }
  }

  @Test
  void keepsThePasswordPrivateAndRemovesIt() throws Exception {
    try (Scratch scratch = open().create("1", "[client]\n")) {
      assertThat(mode(scratch.optionFile())).isEqualTo("rw-------");
      assertThat(mode(directory())).isEqualTo("rwx------");
      assertThat(mode(scratch.target().resolve(".."))).isEqualTo("rwx------");
      assertThat(scratch.optionFile()).hasContent("[client]\n");
      Files.createFile(scratch.target().resolve("left by the tool"));
      scratch.forgetPassword();
      assertThat(scratch.optionFile()).doesNotExist();
      assertThat(scratch.target()).exists();
    }
    assertThat(directory()).isEmptyDirectory();
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void removesWhatAKilledSidecarLeftAndNothingElse() throws Exception {
    Scratch left = open().create("1", "[client]\npassword=\"x\"\n");
    Path stranger = Files.createFile(directory().resolve("stranger"));

    open();

    assertThat(left.optionFile()).doesNotExist();
    assertThat(left.optionFile().getParent()).doesNotExist();
    assertThat(stranger).exists();
  }

  @Test
  void leavesAloneWhatBelongsToAnotherPodOrVolume() throws Exception {
    Scratch other =
        ScratchHome.open(temporary, POD, Path.of("/another/volume")).create("1", "[client]\n");

    open();

    assertThat(other.optionFile()).exists();
  }

  @Test
  void doesNotFollowALinkThatSomebodyPutThere() throws Exception {
    open();
    Path directory = directory();
    Files.delete(directory);
    Files.createSymbolicLink(directory, Files.createDirectory(temporary.resolve("elsewhere")));

    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not a directory of ours");
  }

  @Test
  void leavesNothingLyingAboutButWhatIsNotItsOwn() throws Exception {
    ScratchHome home = open();
    Path stranger = Files.createFile(directory().resolve("stranger"));

    home.close();
    assertThat(stranger).exists();

    Files.delete(stranger);
    home.close();
    assertThat(temporary).isEmptyDirectory();
  }
}
