package mysqlagents.sidecar.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "'secret', 'secret'",
    "'secret\n', 'secret'",
    "'secret\r\n', 'secret'",
    "'secret\n\n', 'secret\n'",
    "' s ', ' s '",
    "'', ''"
  })
  void takesOneLineEndForNoPartOfThePassword(String content, String password) throws IOException {
    Path file = Files.writeString(directory.resolve("password"), content);
    assertThat(new Account("root", Optional.of(file)).password().value()).isEqualTo(password);
  }

  @Test
  void hasAnEmptyPasswordWithoutAFile() throws IOException {
    assertThat(new Account("root", Optional.empty()).password().value()).isEmpty();
  }
}
