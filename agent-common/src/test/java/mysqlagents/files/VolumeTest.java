package mysqlagents.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VolumeTest {
  @TempDir private Path root;

  @Test
  void anEmptyDirectoryHoldsNoData() throws Exception {
    Volume volume = new Volume(root);
    assertThat(volume.holdsData()).isFalse();
    Files.createDirectory(volume.data());
    assertThat(volume.holdsData()).isFalse();
    Files.createFile(volume.data().resolve(".hidden"));
    assertThat(volume.holdsData()).isTrue();
  }

  /// What cannot be looked at may be all there is.
  @Test
  void troubleWithTheDiskIsNotTheAbsenceOfData() throws Exception {
    Path loop = Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
    assertThatThrownBy(() -> new Volume(loop).holdsData()).isInstanceOf(FileSystemException.class);
  }

  @Test
  void everythingLiesOnTheSameVolumeSoThatARenameWillDo() {
    Volume volume = new Volume(root);
    assertThat(volume.data()).isEqualTo(root.resolve("mysql"));
    assertThat(volume.staging()).isEqualTo(root.resolve("staging"));
    assertThat(volume.agent()).isEqualTo(root.resolve("agent"));
  }
}
