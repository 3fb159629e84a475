package mysqlagents.clone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mysqlagents.files.Volume;
import mysqlagents.journal.CloneManifest;
import mysqlagents.journal.Journal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PromotionTest {
  @TempDir private Path root;

  /// Law 3: the place of a clone that has come to nothing would be believed of the data that is put
  /// there next.
  @Test
  void aRenameThatFailsLeavesNoManifest() throws Exception {
    Volume volume = new Volume(root);
    Files.createDirectory(volume.data());
    // A link takes the place of no directory, whoever may write here.
    Files.createSymbolicLink(volume.staging(), Files.createDirectory(root.resolve("elsewhere")));
    Journal journal = new Journal(volume.agent());
    CloneManifest manifest =
        new CloneManifest("id", "mysql-0", "8.4.0", "xtrabackup", "8.4.0", "", "", 1, "", null);

    assertThatThrownBy(() -> Promotion.promote(volume, journal, manifest, new Stages()))
        .isInstanceOf(IOException.class);

    assertThat(journal.cloneManifest()).isEmpty();
    assertThat(volume.data()).isEmptyDirectory();
  }
}
