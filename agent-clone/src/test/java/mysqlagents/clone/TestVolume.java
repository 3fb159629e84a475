package mysqlagents.clone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import mysqlagents.files.Volume;
import mysqlagents.journal.Journal;

/// What a volume has to be like.
final class TestVolume {
  private TestVolume() {}

  /// Law 1, and nothing lies about.
  static void assertNothingCameOfIt(Volume volume) throws IOException {
    assertThat(volume.data()).doesNotExist();
    assertThat(volume.staging()).doesNotExist();
    assertThat(new Journal(volume.agent()).cloneManifest()).isEmpty();
  }
}
