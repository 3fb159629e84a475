package mysqlagents.clone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import mysqlagents.backup.BackupTool;
import mysqlagents.settings.ConfigException;
import mysqlagents.tls.AllowedSubjects;
import mysqlagents.tls.TlsSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CloneSettingsTest {
  @Test
  void thePodsNameIsAllThatIsNeeded() {
    CloneSettings settings = CloneSettings.from(Map.of("HOSTNAME", "mysql-2"));
    assertThat(settings.volume().root()).isEqualTo(Path.of("/volume"));
    assertThat(settings.backupPort()).isEqualTo(3307);
    assertThat(settings.tls())
        .contains(new TlsSettings(Path.of("/etc/mysql-agents/tls"), AllowedSubjects.ANY));
    assertThat(settings.timeLimit()).isEqualTo(Duration.ofHours(1));
    assertThat(settings.stallLimit()).isEqualTo(Duration.ofSeconds(60));
    assertThat(settings.compression()).isFalse();
    assertThat(settings.allowEmptyPrimary()).isFalse();
    assertThat(settings.controlName()).isEqualTo("kubernetes.default.svc");
    assertThat(settings.programs().of(BackupTool.MARIADB_BACKUP)).isEqualTo("mariadb-backup");
    assertThat(settings.programs().of(BackupTool.XTRABACKUP)).isEqualTo("xtrabackup");
    assertThat(settings.prepareMemory()).isBetween(100L << 20, 4L << 30);
  }

  @Test
  void tlsIsOnUnlessSomebodySaysOff() {
    CloneSettings settings =
        CloneSettings.from(
            Map.of(
                "POD_NAME",
                "mysql-1",
                "TLS_DIRECTORY",
                "/x",
                "TLS_ALLOWED_SUBJECTS",
                "CN=mysql,O=shop; CN=b"));
    assertThat(settings.tls())
        .contains(new TlsSettings(Path.of("/x"), AllowedSubjects.parse("CN=mysql,O=shop;CN=b")));
    assertThat(settings).asString().contains(", TLS required, ");
    settings = CloneSettings.from(Map.of("POD_NAME", "mysql-1", "TLS", "off"));
    assertThat(settings.tls()).isEmpty();
    assertThat(settings).asString().contains(", TLS off, ");
    assertThatThrownBy(() ->
            CloneSettings.from(
                Map.of("POD_NAME", "mysql-1", "TLS", "no", "TLS_ALLOWED_SUBJECTS", "mysql")))
        .hasMessageContainingAll(
            "TLS is 'no'; expected required or off",
            "TLS_ALLOWED_SUBJECTS is 'mysql'; expected distinguished names with ';' between them");
  }

  @Test
  void mistakesAreReportedTogether() {
    assertThatThrownBy(() ->
            CloneSettings.from(
                Map.of(
                    "POD_NAME", "mysql-1",
                    "WIRE_COMPRESSION", "gzip",
                    "PREPARE_MEMORY_BYTES", "1000",
                    "STALL_LIMIT_SECONDS", "0")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(
            "WIRE_COMPRESSION is 'gzip'; expected none or zstd",
            "PREPARE_MEMORY_BYTES is '1000'; expected a whole number from 104857600 to ",
            "STALL_LIMIT_SECONDS is '0'; expected a whole number from 1 to 86400");
  }

  @ParameterizedTest
  @CsvSource({
    "67108864, 104857600",
    "536870912, 268435456",
    "1000000001, 499122176",
    "8589934592, 4294967296",
    "1099511627776, 4294967296",
  })
  void prepareGetsHalfOfTheMemoryWithinBounds(long memory, long expected) {
    assertThat(PrepareMemory.of(memory)).isEqualTo(expected);
  }
}
