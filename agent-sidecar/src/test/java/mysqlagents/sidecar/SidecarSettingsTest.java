package mysqlagents.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import mysqlagents.settings.PodName;
import mysqlagents.sidecar.donor.DonorSettings;
import mysqlagents.sidecar.replication.PositioningChoice;
import mysqlagents.sidecar.server.Account;
import mysqlagents.tls.AllowedSubjects;
import mysqlagents.tls.TlsSettings;
import org.junit.jupiter.api.Test;

class SidecarSettingsTest {
  private static final PodName POD = PodName.parse("mysql-1");

  @Test
  void needsNothingButThePodsName() {
    SidecarSettings settings = SidecarSettings.from(Map.of("POD_NAME", "mysql-1"));

    assertThat(settings.backupPort()).isEqualTo(3307);
    assertThat(settings.managementPort()).isEqualTo(9307);
    assertThat(settings.listenAddress()).isEqualTo("0.0.0.0");
    assertThat(settings.tls())
        .contains(new TlsSettings(Path.of("/etc/mysql-agents/tls"), AllowedSubjects.ANY));
    assertThat(settings.mysqlHost()).isEqualTo("127.0.0.1");
    assertThat(settings.mysqlPort()).isEqualTo(3306);
    assertThat(settings.mysqlAccount()).isEqualTo(new Account("root", Optional.empty()));
    assertThat(settings.replication().account()).isEqualTo(settings.mysqlAccount());
    assertThat(settings.replication().positioning()).isEqualTo(PositioningChoice.AUTO);
    assertThat(settings.pollInterval()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.lagLimit()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.grace()).isEqualTo(Duration.ofSeconds(20));
    assertThat(settings.donor())
        .isEqualTo(
            new DonorSettings(
                POD, Duration.ofMinutes(10), 0, Duration.ofMinutes(1), Duration.ofSeconds(10), 1));
  }

  @Test
  void goesWithoutTlsOnlyWhenToldTo() {
    assertThat(SidecarSettings.from(Map.of("POD_NAME", "mysql-1", "TLS", "off")).tls()).isEmpty();
  }

  @Test
  void replicatesAsTheSameUserUnlessToldOtherwise() {
    assertThat(
            SidecarSettings.from(
                    Map.of(
                        "POD_NAME", "mysql-1",
                        "MYSQL_USER", "agent",
                        "MYSQL_PASSWORD_FILE", "/secrets/agent"))
                .replication()
                .account())
        .isEqualTo(new Account("agent", Optional.of(Path.of("/secrets/agent"))));
    assertThat(
            SidecarSettings.from(
                    Map.of(
                        "POD_NAME", "mysql-1",
                        "MYSQL_PASSWORD_FILE", "/secrets/agent",
                        "REPLICATION_USER", "replica",
                        "REPLICATION_PASSWORD_FILE", "/secrets/replica"))
                .replication()
                .account())
        .isEqualTo(new Account("replica", Optional.of(Path.of("/secrets/replica"))));
  }

  @Test
  void neverGivesOneUsersPasswordToAnother() {
    assertThat(
            SidecarSettings.from(
                    Map.of(
                        "POD_NAME", "mysql-1",
                        "MYSQL_PASSWORD_FILE", "/secrets/agent",
                        "REPLICATION_USER", "replica"))
                .replication()
                .account()
                .passwordFile())
        .isEmpty();
  }
}
