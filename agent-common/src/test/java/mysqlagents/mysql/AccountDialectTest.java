package mysqlagents.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import mysqlagents.main.AgentFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountDialectTest {
  private static final AccountName NAME = new AccountName("agent'; --", "127.%");
  private static final Secret PASSWORD = new Secret("s3cr'et");

  private static AccountDialect dialect(String version) throws AgentFailure {
    return AccountDialect.of(ServerVersion.parse(version));
  }

  private static List<String> grants(String version, Duty duty) throws AgentFailure {
    AccountDialect dialect = dialect(version);
    return dialect.grant(NAME, dialect.rights(duty)).stream().map(Sql::text).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "5.7.44-log, mysql_native_password",
    "8.0.11,     caching_sha2_password",
    "8.0.36,     caching_sha2_password",
    "8.4.3,      caching_sha2_password",
    "9.7.0,      caching_sha2_password"
  })
  void establishesAnAccountOfMySql(String version, String plugin) throws AgentFailure {
    assertThat(dialect(version).establish(NAME, PASSWORD, true))
        .containsExactly(
            // Without the password: MySQL 8.0 may write it to the binary log as it is.
            Sql.of("CREATE USER IF NOT EXISTS ?@? ACCOUNT LOCK", "agent'; --", "127.%"),
            Sql.of(
                "ALTER USER ?@? IDENTIFIED WITH %s BY ? REQUIRE X509 PASSWORD EXPIRE NEVER ACCOUNT UNLOCK"
                    .formatted(plugin),
                "agent'; --",
                "127.%",
                PASSWORD));
    assertThat(dialect(version).plugin()).isEqualTo(plugin);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.11.19-MariaDB", "11.8.6-MariaDB"})
  void tellsMariaDbTheHashBecauseItsBinaryLogHoldsTheStatement(String version) throws AgentFailure {
    List<Sql> statements = dialect(version).establish(NAME, PASSWORD, false);
    String end =
        " ?@? IDENTIFIED VIA mysql_native_password USING ? REQUIRE NONE PASSWORD EXPIRE NEVER";
    assertThat(statements.stream().map(Sql::text))
        .containsExactly("CREATE USER IF NOT EXISTS" + end, "ALTER USER" + end);
    assertThat(statements)
        .allSatisfy(sql ->
            assertThat(sql.values())
                .containsExactly("agent'; --", "127.%", NativePassword.hash(PASSWORD))
                .doesNotContain(PASSWORD));
  }

  @Test
  void givesMariaDbsAccountsTheLeast() throws AgentFailure {
    String version = "10.11.19-MariaDB";
    assertThat(grants(version, Duty.AGENT))
        .containsExactly(
            "GRANT RELOAD, READ_ONLY ADMIN, REPLICATION SLAVE ADMIN, SLAVE MONITOR ON *.* TO ?@?");
    assertThat(grants(version, Duty.BACKUP))
        .containsExactly(
            "GRANT RELOAD, PROCESS, LOCK TABLES, BINLOG MONITOR, SLAVE MONITOR ON *.* TO ?@?");
    assertThat(grants(version, Duty.REPLICATION))
        .containsExactly("GRANT REPLICATION SLAVE ON *.* TO ?@?");
  }

  @Test
  void givesMySql57sAccountsTheLeast() throws AgentFailure {
    assertThat(grants("5.7.44", Duty.AGENT))
        .containsExactly(
            "GRANT RELOAD, SUPER, REPLICATION CLIENT ON *.* TO ?@?",
            "GRANT SELECT ON `performance_schema`.`replication_connection_status` TO ?@?",
            "GRANT SELECT ON `performance_schema`.`replication_connection_configuration` TO ?@?");
    assertThat(grants("5.7.44", Duty.BACKUP))
        .containsExactly("GRANT RELOAD, PROCESS, LOCK TABLES, REPLICATION CLIENT ON *.* TO ?@?");
    assertThat(grants("5.7.44", Duty.REPLICATION))
        .containsExactly("GRANT REPLICATION SLAVE ON *.* TO ?@?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.0.24", "8.0.36", "8.4.3", "9.7.0"})
  void givesMySqls8AccountsTheLeast(String version) throws AgentFailure {
    assertThat(grants(version, Duty.AGENT))
        .containsExactly(
            "GRANT RELOAD, REPLICATION CLIENT, REPLICATION_SLAVE_ADMIN, SYSTEM_VARIABLES_ADMIN,"
                + " CONNECTION_ADMIN ON *.* TO ?@?",
            "GRANT SELECT ON `performance_schema`.`replication_connection_status` TO ?@?",
            "GRANT SELECT ON `performance_schema`.`replication_connection_configuration` TO ?@?",
            "GRANT INSERT ON `mysql`.`plugin` TO ?@?");
    assertThat(grants(version, Duty.BACKUP))
        .containsExactly(
            "GRANT RELOAD, PROCESS, LOCK TABLES, REPLICATION CLIENT, BACKUP_ADMIN, REFERENCES ON"
                + " *.* TO ?@?",
            "GRANT SELECT ON `performance_schema`.`log_status` TO ?@?",
            "GRANT SELECT ON `performance_schema`.`replication_group_members` TO ?@?",
            "GRANT SELECT ON `performance_schema`.`keyring_component_status` TO ?@?");
    assertThat(grants(version, Duty.REPLICATION))
        .containsExactly("GRANT REPLICATION SLAVE ON *.* TO ?@?");
  }

  @Test
  void givesNothingForAPluginThatAnOlderServerLacks() throws AgentFailure {
    assertThat(grants("8.0.16", Duty.AGENT)).noneMatch(sql -> sql.contains("plugin"));
    assertThat(grants("8.0.16", Duty.BACKUP)).noneMatch(sql -> sql.contains("REFERENCES"));
    assertThat(grants("8.0.17", Duty.AGENT)).anyMatch(sql -> sql.contains("plugin"));
  }

  @Test
  void grantsNothingOnATableThatAnOlderServerLacks() throws AgentFailure {
    assertThat(grants("8.0.23", Duty.BACKUP))
        .noneMatch(sql -> sql.contains("keyring_component_status"))
        .anyMatch(sql -> sql.contains("log_status"));
  }

  @Test
  void takesRightsAwayByObjectAndAllOfThemByThemselves() throws AgentFailure {
    Set<Right> rights =
        new LinkedHashSet<>(
            List.of(
                Right.global("ALL PRIVILEGES"),
                Right.global("GRANT OPTION"),
                new Right("SELECT (`a`)", "`d`.`t`"),
                new Right("UPDATE", "`d`.`t`"),
                new Right("`r`@`%`", ""),
                new Right("PROXY", "`root`@`localhost`")));
    assertThat(dialect("8.4.3").revoke(NAME, rights).stream().map(Sql::text))
        .containsExactly(
            "REVOKE ALL PRIVILEGES ON *.* FROM ?@?",
            "REVOKE GRANT OPTION ON *.* FROM ?@?",
            "REVOKE SELECT (`a`), UPDATE ON `d`.`t` FROM ?@?",
            "REVOKE `r`@`%` FROM ?@?",
            "REVOKE PROXY ON `root`@`localhost` FROM ?@?");
  }

  @Test
  void saysWhichServersAccountsItCannotMake() {
    assertThatThrownBy(() -> dialect("5.6.51"))
        .isInstanceOfSatisfying(
            AgentFailure.class,
            failure -> assertThat(failure.remedy()).contains("MANAGE_ACCOUNTS=false"))
        .hasMessage("the accounts of a MySQL 5.6.51 are not managed");
    assertThatThrownBy(() -> dialect("10.3.39-MariaDB"))
        .isInstanceOf(AgentFailure.class)
        .hasMessageContaining("is not a server that mysql-agents supports");
  }

  @ParameterizedTest
  @CsvSource({
    "5.7.44,           REPLICATION, 32",
    "9.7.0,            REPLICATION, 32",
    "9.7.0,            AGENT,       2147483647",
    "10.11.19-MariaDB, REPLICATION, 2147483647"
  })
  void knowsHowLongAPasswordMayBe(String version, Duty duty, int bytes) throws AgentFailure {
    assertThat(dialect(version).longestPassword(duty)).isEqualTo(bytes);
  }

  /// A statement that a client gives up goes on waiting in the server, for a year by default.
  @ParameterizedTest
  @ValueSource(strings = {"5.7.44", "8.4.3", "9.7.0", "10.11.6-MariaDB"})
  void letsTheServerItselfGiveUpABlockedStatement(String version) throws AgentFailure {
    assertThat(dialect(version).prepareSession().text())
        .isEqualTo("SET SESSION sql_mode = '', sql_quote_show_create = 1, lock_wait_timeout = 30");
  }

  /// MySQL 5.7 and later reserve STORED; MariaDB takes it, so no test with MariaDB sees that.
  @ParameterizedTest
  @ValueSource(strings = {"5.7.44", "8.4.3", "9.7.0", "10.11.6-MariaDB"})
  void asksForAnAccountWithoutReservedWords(String version) throws AgentFailure {
    assertThat(dialect(version).find(NAME).text())
        .isEqualTo(
            "SELECT plugin, authentication_string AS credential, ssl_type AS tls,"
                + " password_expired AS expired FROM mysql.user WHERE user = ? AND host = ?");
  }
}
