package mysqlagents.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import mysqlagents.backup.BackupEngine;
import mysqlagents.settings.ConfigException;
import mysqlagents.settings.PodName;
import mysqlagents.sidecar.donor.DonorSettings;
import mysqlagents.sidecar.replication.PositioningChoice;
import mysqlagents.sidecar.server.Account;
import mysqlagents.tls.AllowedSubjects;
import mysqlagents.tls.TlsSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    assertThat(settings.accounts().agent()).isEqualTo(account("agent"));
    assertThat(settings.accounts().backup()).isEqualTo(account("backup"));
    assertThat(settings.accounts().replication()).isEqualTo(account("replication"));
    assertThat(settings.replication().account()).isEqualTo(account("replication"));
    assertThat(settings.accounts().areManaged()).isTrue();
    assertThat(settings.accounts().rootPasswordFile())
        .isEqualTo(Path.of("/etc/mysql-agents/passwords/root"));
    assertThat(settings.accounts().isEmptyRootPasswordAllowed()).isFalse();
    assertThat(settings.replication().positioning()).isEqualTo(PositioningChoice.AUTO);
    assertThat(settings.pollInterval()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.lagLimit()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.grace()).isEqualTo(Duration.ofSeconds(20));
    assertThat(settings.donor())
        .isEqualTo(
            new DonorSettings(
                POD, Duration.ofMinutes(10), 0, Duration.ofMinutes(1), Duration.ofSeconds(10)));
    assertThat(settings.engines())
        .as("a tool comes before the plugin, which needs a second copy of the data")
        .containsExactly(
            BackupEngine.MARIADB_BACKUP, BackupEngine.XTRABACKUP, BackupEngine.CLONE_PLUGIN);
    assertThat(settings.backupParallel()).isEqualTo(1);
  }

  @Test
  void usesTheEngineThatItIsTold() {
    assertThat(withEngine("clone-plugin").engines()).containsExactly(BackupEngine.CLONE_PLUGIN);
    assertThat(withEngine("auto").engines()).hasSize(3);
    assertThatThrownBy(() -> withEngine("mysqldump"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "BACKUP_ENGINE is 'mysqldump'; expected auto, mariadb-backup, xtrabackup or clone-plugin");
  }

  private static SidecarSettings withEngine(String engine) {
    return SidecarSettings.from(Map.of("POD_NAME", "mysql-1", "BACKUP_ENGINE", engine));
  }

  @Test
  void goesWithoutTlsOnlyWhenToldTo() {
    assertThat(SidecarSettings.from(Map.of("POD_NAME", "mysql-1", "TLS", "off")).tls()).isEmpty();
  }

  private static Account account(String user) {
    return new Account(user, Optional.of(Path.of("/etc/mysql-agents/passwords/" + user)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"root", "backup", "replication"})
  void wantsThreeUsersOfTheirOwnWhereItMakesThem(String agent) {
    Map<String, String> variables = Map.of("POD_NAME", "mysql-1", "MYSQL_USER", agent);
    assertThatThrownBy(() -> SidecarSettings.from(variables))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            ("MYSQL_USER is '%s', BACKUP_USER 'backup' and REPLICATION_USER 'replication'; expected"
                    + " three different users, none of them root, or MANAGE_ACCOUNTS=false")
                .formatted(agent));
  }

  @Test
  void takesOneUserForAllWhereTheUserMakesThem() {
    Map<String, String> variables =
        Map.of(
            "POD_NAME", "mysql-1",
            "MANAGE_ACCOUNTS", "false",
            "MYSQL_USER", "root",
            "BACKUP_USER", "root",
            "REPLICATION_USER", "root",
            "REPLICATION_PASSWORD_FILE", "/secrets/root");
    SidecarSettings settings = SidecarSettings.from(variables);
    assertThat(settings.accounts().areManaged()).isFalse();
    assertThat(settings.replication().account())
        .isEqualTo(new Account("root", Optional.of(Path.of("/secrets/root"))));
  }
}
