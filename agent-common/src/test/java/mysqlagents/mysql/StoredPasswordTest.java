package mysqlagents.mysql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against what others make of the same passwords.
class StoredPasswordTest {
  /// From `SELECT PASSWORD('x')` of MariaDB 10.11.
  @Test
  void knowsTheNativeHash() {
    String stored = "*B69027D44F6E5EDC07F1AEAD1477967B16F28227";
    assertThat(NativePassword.hash(new Secret("x")).value()).isEqualTo(stored);
    assertThat(NativePassword.isMadeFrom(stored, new Secret("x"))).isTrue();
    assertThat(
            NativePassword.isMadeFrom(stored.toLowerCase(java.util.Locale.ROOT), new Secret("x")))
        .isTrue();
    assertThat(NativePassword.isMadeFrom(stored, new Secret("X"))).isFalse();
    assertThat(NativePassword.isMadeFrom("", new Secret(""))).isFalse();
    assertThat(NativePassword.isMadeFrom("invalid", new Secret("x"))).isFalse();
  }

  /// From `openssl passwd -5`; longer than one and than two blocks, and not in ASCII, too.
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "Hello world!, saltstring, 5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
        "\"a password that is quite a bit longer than one block of SHA-256, and has ümlauts\","
            + " saltsaltsaltsalt, HLovsXhaCBtGWud1SBMkV4gTNEsnB3oRmediAn.WwF4"
      })
  void makesTheDigestOfCrypt(String password, String salt, String digest) {
    assertThat(Sha256Crypt.digest(password.getBytes(UTF_8), salt.getBytes(UTF_8), 5000))
        .isEqualTo(digest);
  }

  /// The example of hashcat's mode 7401, whose password is `hashcat`.
  @Test
  void knowsWhatMySqlStores() {
    HexFormat hex = HexFormat.of();
    String stored =
        "$A$005$"
            + new String(
                hex.parseHex("f9cc98ce08892924f50a213b6bc571a2c11778c5"),
                java.nio.charset.StandardCharsets.ISO_8859_1)
            + "bTy95Y99eAME1dwEkHOA1ndHGBWz.1bxSSRkuTXFGV/";
    assertThat(stored).hasSize(7 + 20 + 43);
    assertThat(CachingSha2Password.isMadeFrom(stored, new Secret("hashcat"))).isTrue();
    assertThat(CachingSha2Password.isMadeFrom(stored, new Secret("hashcat2"))).isFalse();
    assertThat(CachingSha2Password.isMadeFrom(stored.substring(1), new Secret("hashcat")))
        .isFalse();
    assertThat(CachingSha2Password.isMadeFrom("", new Secret(""))).isFalse();
  }
}
