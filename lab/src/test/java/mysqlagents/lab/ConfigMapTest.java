package mysqlagents.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import mysqlagents.mysql.ServerVersion.Flavour;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ConfigMapTest {
  @Test
  void hasTheFilesAsMysqldReadsThem() {
    List<String> manifest =
        """
        kind: ConfigMap
        metadata:
          name: mysql
        data:
          primary.cnf: |
            # A comment: with a colon.
            [mysqld]

            log-bin
          replica.cnf: |
            [mysqld]
        """
            .lines()
            .toList();
    assertThat(ConfigMap.parse(manifest).files())
        .containsOnlyKeys("primary.cnf", "replica.cnf")
        .containsEntry("primary.cnf", "# A comment: with a colon.\n[mysqld]\n\nlog-bin\n")
        .containsEntry("replica.cnf", "[mysqld]\n");
  }

  @ParameterizedTest
  @EnumSource
  void ofAManifestHasBothRoles(Flavour flavour) throws Exception {
    assertThat(ConfigMap.of(flavour, Path.of("..")).files())
        .containsOnlyKeys("primary.cnf", "replica.cnf")
        .allSatisfy((_, text) -> assertThat(text).contains("[mysqld]", "skip-name-resolve"));
  }

  @Test
  void withoutFilesIsNone() {
    assertThatThrownBy(() -> ConfigMap.parse(List.of("kind: ConfigMap")))
        .hasMessageContaining("without files");
  }
}
