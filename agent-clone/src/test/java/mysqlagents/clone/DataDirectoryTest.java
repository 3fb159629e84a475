package mysqlagents.clone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import mysqlagents.files.Volume;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirectoryTest {
  @TempDir private Path root;

  @Test
  void nothingOrAnEmptyDirectoryIsNoData() throws Exception {
    Volume volume = new Volume(root);
    assertThat(DataDirectory.holdsData(volume)).isFalse();
    Files.createDirectory(volume.data());
    assertThat(DataDirectory.holdsData(volume)).isFalse();
  }

  @Test
  void dataThatTheBashExampleMadeIsData() throws Exception {
    Volume volume = new Volume(root);
    Files.createDirectories(volume.data().resolve("mysql"));
    Files.createFile(volume.data().resolve("ibdata1"));
    Files.createFile(volume.data().resolve("change_master_to.sql.orig"));
    assertThat(DataDirectory.holdsData(volume)).isTrue();
  }

  @Test
  void filesOfSomebodyElseAreNeitherDataNorTakenAway() throws Exception {
    Volume volume = new Volume(root);
    Files.createDirectory(volume.data());
    for (int i = 1; i <= 7; i++) {
      Files.createFile(volume.data().resolve("photo" + i));
    }
    AgentFailure failure =
        catchThrowableOfType(AgentFailure.class, () -> DataDirectory.holdsData(volume));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(failure)
        .hasMessage(
            "%s holds photo1, photo2, photo3, photo4, photo5 and 2 more but no directory mysql: it is not a data directory, or not a whole one",
            volume.data());
    assertThat(volume.data().toFile().list()).hasSize(7);
  }
}
