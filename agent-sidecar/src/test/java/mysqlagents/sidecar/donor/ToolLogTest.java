package mysqlagents.sidecar.donor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToolLogTest {
  private final ToolLog log = new ToolLog();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[00] 2026-11-22 07:38:27 Acquired locks for BACKUP STAGE BLOCK_DDL",
        "[00] 2026-11-22 07:38:27 Acquired locks for BACKUP STAGE BLOCK_COMMIT",
        "180122 19:47:54 Executing FLUSH TABLES WITH READ LOCK...",
        "161122 13:37:09 Executing LOCK TABLES FOR BACKUP...",
        "161122 13:37:09 Executing LOCK BINLOG FOR BACKUP...",
      })
  void knowsWhenTheToolTakesAndReleasesItsLocks(String taken) {
    assertThat(log.isLocked()).isFalse();
    log.accept(taken);
    assertThat(log.isLocked()).isTrue();
    log.accept("[00] 2026-11-22 07:38:27 Streaming ./sys/sys_config.frm to <STDOUT>");
    assertThat(log.isLocked()).isTrue();
    log.accept("[00] 2026-11-22 07:38:27 All tables unlocked");
    assertThat(log.isLocked()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[00] 2026-11-22 07:38:25 Acquired locks for BACKUP STAGE START",
        "[00] 2026-11-22 07:38:27 Acquired locks for BACKUP STAGE FLUSH",
        "2026-11-22T07:38:27 0 [Note] [MY-011825] [Xtrabackup] Executing LOCK INSTANCE FOR BACKUP ...",
      })
  void doesNotCallWhatLetsWritersThroughALock(String line) {
    log.accept(line);
    assertThat(log.isLocked()).isFalse();
  }

  @Test
  void keepsTheErrorsAndNotTheProgressAfterThem() {
    log.accept("[00] FATAL ERROR: 2026-11-22 07:16:44 failed to execute query: gone away");
    for (int i = 0; i < 100; i++) {
      log.accept("[01] 2026-11-22 07:38:27 Streaming ./app/error.frm to <STDOUT>");
    }
    assertThat(log.lastWords())
        .isEqualTo("[00] FATAL ERROR: 2026-11-22 07:16:44 failed to execute query: gone away");
  }

  @Test
  void keepsTheLastLinesWhereThereIsNoError() {
    for (int i = 0; i < 100; i++) {
      log.accept("line " + i);
    }
    assertThat(log.lastWords().lines()).hasSize(12).endsWith("line 98", "line 99");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "1.GRANT USAGE ON *.* TO `lowp`@`%` IDENTIFIED BY PASSWORD '*23AE809DDACAF96AF0FD78ED04B6A265E05AA257'"
            + "|1.GRANT USAGE ON *.* TO `lowp`@`%` IDENTIFIED <redacted>",
        "GRANT USAGE ON *.* TO `a`@`b` IDENTIFIED VIA mysql_native_password USING '*23AE809DDACAF' OR unix_socket"
            + "|GRANT USAGE ON *.* TO `a`@`b` IDENTIFIED <redacted>",
        "hash *23AE809DDACAF96AF0FD78ED04B6A265E05AA257 there|hash <redacted> there",
        "option password = geheim|option password = <redacted>",
        "--password=geheim|--password=<redacted>",
        "password: set, port: 3306|password: set, port: 3306",
        "$A$005$abcdefgh and more|<redacted> and more",
      })
  void hidesSecrets(String line, String shown) {
    log.accept(line);
    assertThat(log.lastWords()).isEqualTo(shown);
  }

  @Test
  void hidesAHashThatWasCutShort() {
    log.accept("x".repeat(900) + " IDENTIFIED BY PASSWORD '*23AE809DDACAF96AF0FD78ED04B6A");
    assertThat(log.lastWords()).doesNotContain("23AE");
  }

  @Test
  void believesSuccessOnlyFromTheLastLine() {
    log.accept("[00] 2026-11-22 07:13:40 completed OK!");
    assertThat(log.saysSuccess()).isTrue();
    log.accept("[00] and then it broke");
    assertThat(log.saysSuccess()).isFalse();
  }
}
