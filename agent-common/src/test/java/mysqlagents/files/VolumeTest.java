package mysqlagents.files;

import static org.assertj.core.api.Assertions.assertThat;

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

  @Test
  void everythingLiesOnTheSameVolumeSoThatARenameWillDo() {
    Volume volume = new Volume(root);
    assertThat(volume.data()).isEqualTo(root.resolve("mysql"));
    assertThat(volume.staging()).isEqualTo(root.resolve("staging"));
    assertThat(volume.agent()).isEqualTo(root.resolve("agent"));
  }
}
