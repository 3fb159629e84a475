package mysqlagents.sidecar.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import mysqlagents.mysql.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountTest {
  @TempDir Path directory;

  private Account account(String content) throws IOException {
    Path file = Files.writeString(directory.resolve("password"), content);
    return new Account("agent", Optional.of(file));
  }

  @ParameterizedTest
  @CsvSource({
    "'secret', 'secret'",
    "'secret\n', 'secret'",
    "'secret\r\n', 'secret'",
    "'secret\n\n', 'secret'",
    "' s ', ' s '",
    "'', ''"
  })
  void takesTheFirstLineForThePasswordWithoutItsEnd(String content, String password)
      throws IOException {
    assertThat(account(content).passwords()).containsExactly(new Secret(password));
    assertThat(account(content).password()).isEqualTo(new Secret(password));
  }

  @ParameterizedTest
  @ValueSource(strings = {"new\nold", "new\r\nold\r\n", "new\nold\n\n"})
  void takesASecondLineForThePasswordBefore(String content) throws IOException {
    assertThat(account(content).passwords()).containsExactly(new Secret("new"), new Secret("old"));
    assertThat(account(content).password()).isEqualTo(new Secret("new"));
  }

  @Test
  void refusesWhatCannotBePasswordsWithoutQuotingIt() throws IOException {
    assertThatThrownBy(() -> account("one\ntwo\nthree\n").passwords())
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith(
            "password has more than two lines; expected the password and, on the second line, the"
                + " one before");
    assertThatThrownBy(() -> account("a\0b").passwords())
        .hasMessageEndingWith("password has a NUL in it, which no password may have");
    Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatThrownBy(() -> new Account("agent", Optional.of(binary)).passwords())
        .isInstanceOf(IOException.class)
        .hasMessage(binary + " is not text in UTF-8");
  }

  @Test
  void hasAnEmptyPasswordWithoutAFile() throws IOException {
    assertThat(new Account("root", Optional.empty()).password().value()).isEmpty();
  }
}
