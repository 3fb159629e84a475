package mysqlagents.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedSubjectsTest {
  private static boolean admits(String allowed, String subject) {
    return AllowedSubjects.parse(allowed).admit(new X500Principal(subject));
  }

  @Test
  void admitsThoseThatAreNamedAndNobodyElse() {
    String allowed = "CN=mysql,O=shop; CN=backup,O=shop;";
    assertThat(admits(allowed, "CN=mysql,O=shop")).isTrue();
    assertThat(admits(allowed, "CN=backup, O=shop")).isTrue();
    assertThat(admits(allowed, "CN=mysql,O=other")).isFalse();
    assertThat(admits(allowed, "CN=mysql")).isFalse();
    assertThat(admits(allowed, "O=shop,CN=mysql")).isFalse();
    assertThat(admits(allowed, "CN=mysql,O=shop,C=DE")).isFalse();
  }

  @Test
  void aCommaInANameIsPartOfIt() {
    assertThat(admits("CN=mysql\\,O\\=shop", "CN=mysql,O=shop")).isFalse();
  }

  /// Nobody who writes a list means "anybody".
  @ParameterizedTest
  @ValueSource(strings = {";", " ; ;", "mysql", "CN=mysql;shop"})
  void whatNamesNobodyIsAMistake(String text) {
    assertThatThrownBy(() -> AllowedSubjects.parse(text))
        .hasMessageStartingWith("distinguished names with ';' between them, such as");
  }
}
