package mysqlagents.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrantsTest {
  private static final String TO = " TO `agent`@`127.%`";

  private static Right right(String name, String object) {
    return new Right(name, object);
  }

  @Test
  void readsMariaDbsLine() {
    assertThat(
            Grants.parse(
                List.of(
                    "GRANT RELOAD, REPLICATION SLAVE ADMIN ON *.*"
                        + TO
                        + " IDENTIFIED BY PASSWORD '*B69027D44F6E5EDC07F1AEAD1477967B16F28227'"
                        + " REQUIRE X509 WITH GRANT OPTION")))
        .containsExactlyInAnyOrder(
            right("RELOAD", "*.*"),
            right("REPLICATION SLAVE ADMIN", "*.*"),
            right("GRANT OPTION", "*.*"));
  }

  @Test
  void readsMySqlsLines() {
    assertThat(
            Grants.parse(
                List.of(
                    "GRANT RELOAD, PROCESS ON *.*" + TO,
                    "GRANT BACKUP_ADMIN,XA_RECOVER_ADMIN ON *.*" + TO + " WITH GRANT OPTION",
                    "REVOKE SELECT ON `mysql`.* FROM `agent`@`127.%`",
                    "GRANT SELECT ON `performance_schema`.`log_status`" + TO,
                    "GRANT `r1`@`%`,`r,2`@`%`" + TO)))
        .containsExactlyInAnyOrder(
            right("RELOAD", "*.*"),
            right("PROCESS", "*.*"),
            right("BACKUP_ADMIN", "*.*"),
            right("XA_RECOVER_ADMIN", "*.*"),
            right("GRANT OPTION", "*.*"),
            Right.select("performance_schema", "log_status"),
            right("`r1`@`%`", ""),
            right("`r,2`@`%`", ""));
  }

  @Test
  void readsRoutinesColumnsAndProxies() {
    assertThat(
            Grants.parse(
                List.of(
                    "GRANT SELECT (`a`, `b`), UPDATE ON `d`.`t`" + TO + " WITH GRANT OPTION",
                    "GRANT EXECUTE ON PROCEDURE `d`.`p`" + TO,
                    "GRANT PROXY ON `root`@`localhost`" + TO + " WITH GRANT OPTION",
                    "GRANT `r`" + TO + " WITH ADMIN OPTION",
                    "SET DEFAULT ROLE `r` FOR `agent`@`127.%`")))
        .containsExactlyInAnyOrder(
            right("SELECT (`a`, `b`)", "`d`.`t`"),
            right("UPDATE", "`d`.`t`"),
            right("GRANT OPTION", "`d`.`t`"),
            right("EXECUTE", "PROCEDURE `d`.`p`"),
            right("PROXY", "`root`@`localhost`"),
            right("`r`", ""));
  }

  /// Each of them could be taken for the words between the parts.
  @ParameterizedTest
  @ValueSource(strings = {"a TO b", "a ON b", "it`` ON x", "(", "WITH GRANT OPTION", "o'clock"})
  void isNotMisledByNames(String name) {
    String table = "`d`.`%s`".formatted(name);
    assertThat(
            Grants.parse(
                List.of("GRANT SELECT ON %s TO `%s`@`%%` REQUIRE NONE".formatted(table, name))))
        .containsExactly(right("SELECT", table));
  }

  @Test
  void takesUsageForNoRight() {
    assertThat(Grants.parse(List.of("GRANT USAGE ON *.*" + TO))).isEmpty();
  }

  @Test
  void refusesWhatIsNoGrantWithoutQuotingIt() {
    assertThatThrownBy(() -> Grants.parse(List.of("GRANT RELOAD ON *.* '*B69027'")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a line of SHOW GRANTS has no TO");
  }
}
