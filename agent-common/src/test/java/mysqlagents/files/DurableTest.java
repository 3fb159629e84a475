package mysqlagents.files;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class DurableTest {
  /// Without a name it would be taken for trouble with the donor.
  @Test
  void aFailingDiskIsNamed() {
    // There is nothing behind it that could be made durable.
    assertThatThrownBy(() -> Durable.file(Path.of("/dev/null")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageStartingWith("/dev/null: cannot be written: ");
  }
}
