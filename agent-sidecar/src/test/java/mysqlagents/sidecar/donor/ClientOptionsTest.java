package mysqlagents.sidecar.donor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientOptionsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "plain|\"plain\"",
        "with # and ;|\"with # and ;\"",
        "back\\slash|\"back\\\\slash\"",
        "quo\"te's|\"quo\\\"te's\"",
        "~ spaces ~|~\" spaces \"~",
        "~~|\"\"",
      })
  void quotesValues(String password, String quoted) {
    assertThat(ClientOptions.text("127.0.0.1", 3306, "root", password == null ? "" : password))
        .isEqualTo(
            """
            [client]
            host="127.0.0.1"
            port=3306
            loose-protocol=tcp
            user="root"
            password=%s
            """
                .formatted(quoted));
  }

  @Test
  void letsNoValueBeginALineOfItsOwn() {
    assertThat(ClientOptions.text("h", 1, "u", "a\n[mysqld]\r\nplugin-load=x"))
        .contains("password=\"a\\n[mysqld]\\r\\nplugin-load=x\"\n");
  }

  @Test
  void refusesWhatNoOptionFileCanHold() {
    assertThatThrownBy(() -> ClientOptions.text("h", 1, "u", "a\0b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NUL")
        .hasMessageNotContaining("a\0b");
  }
}
