package mysqlagents.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
  private static final Receipt RECEIPT =
      new Receipt(
          1, "id", "mysql-0", "mariadb-backup", "10.11.19", "10.11.19-MariaDB", 0, 12L, "d");

  @Test
  void whatIsWrittenCanBeRead() throws Exception {
    assertThat(Json.read(Json.write(RECEIPT), Receipt.class, "receipt")).isEqualTo(RECEIPT);
    assertThat(Json.read(Json.line(RECEIPT), Receipt.class, "receipt")).isEqualTo(RECEIPT);
  }

  @Test
  void aLineIsOneLine() {
    assertThat(Json.line(new Problem("a\nb", "<c>")))
        .isEqualTo("{\"problem\":\"a\\nb\",\"remedy\":\"<c>\"}");
  }

  @Test
  void aNewerVersionsFieldsAreIgnored() throws Exception {
    assertThat(
            Json.read(
                "{\"problem\":\"a\",\"remedy\":\"b\",\"link\":\"c\"}", Problem.class, "answer"))
        .isEqualTo(new Problem("a", "b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{",
        "[]",
        "\"text\"",
        "{\"problem\":\"a\"}",
        "{\"problem\":1,\"remedy\":[]}",
        "{\"problem\":\"a\",\"remedy\":\"b\"} more",
        "{'problem':'a','remedy':'b'}",
        "<html>",
      })
  void whatIsNotTheRecordIsRefusedByName(String text) {
    assertThatThrownBy(() -> Json.read(text, Problem.class, "mysql-1's answer"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("mysql-1's answer is ");
  }

  @Test
  void aMissingValueIsNamed() {
    assertThatThrownBy(() -> Json.read("{\"problem\":\"a\"}", Problem.class, "the answer"))
        .isInstanceOf(IOException.class)
        .hasMessage("the answer is not what it should be: remedy is missing");
  }
}
