package mysqlagents.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import mysqlagents.tls.MysqldTlsFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelTlsTest {
  private static final Optional<MysqldTlsFiles> WANTED =
      Optional.of(MysqldTlsFiles.in(Path.of("/tls")));
  private static final ChannelTls PLAIN = new ChannelTls(false, "", "", "", false);

  @Test
  void fitsWhenAllIsAsWanted() {
    ChannelTls tls = new ChannelTls(true, "/tls/ca.crt", "/tls/tls.crt", "/tls/tls.key", true);
    assertThat(tls.fits(WANTED)).isTrue();
    assertThat(tls.fits(Optional.empty())).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "false, /tls/ca.crt, /tls/tls.crt, /tls/tls.key, true",
    "true, /old/ca.crt, /tls/tls.crt, /tls/tls.key, true",
    "true, /tls/ca.crt, /old/tls.crt, /tls/tls.key, true",
    "true, /tls/ca.crt, /tls/tls.crt, /old/tls.key, true",
    "true, /tls/ca.crt, /tls/tls.crt, /tls/tls.key, false",
  })
  void doesNotFitWhenAnythingIsNot(
      boolean enabled, String authority, String certificate, String key, boolean verifies) {
    ChannelTls tls = new ChannelTls(enabled, authority, certificate, key, verifies);
    assertThat(tls.fits(WANTED)).isFalse();
  }

  @Test
  void inTheClearFitsWhereNothingIsWanted() {
    assertThat(PLAIN.fits(Optional.empty())).isTrue();
    assertThat(PLAIN.fits(WANTED)).isFalse();
    // What is left of paths after TLS was switched off counts for nothing.
    assertThat(
            new ChannelTls(false, "/tls/ca.crt", "/tls/tls.crt", "", true).fits(Optional.empty()))
        .isTrue();
  }

  @Test
  void neverTakesAwayEncryptionThatSomebodyElseSetUp() {
    assertThat(new ChannelTls(true, "/my/ca.pem", "/my/cert.pem", "", true).fits(Optional.empty()))
        .isTrue();
    // As MariaDB from 11.4 on shows a channel that nobody configured.
    assertThat(new ChannelTls(true, "", "", "", true).fits(Optional.empty())).isTrue();
  }
}
