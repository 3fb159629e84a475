package mysqlagents.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupsTest {
  private static final Settings SETTINGS = Settings.from(Map.of("K8S_ROOT", ".."));

  /// Nothing is deleted before the primary has its new data, and what puts the old data aside has
  /// its counterpart.
  @Test
  void findsEachStepOfARestoreInTheManual() throws IOException {
    Backups.RestoreSteps steps = Backups.RestoreSteps.in(Manual.page(SETTINGS, "operations.md"));

    assertThat(steps.stop())
        .contains("--replicas=0\n", "kubectl wait --for=delete pod -l app=mysql ");
    assertThat(steps.restore())
        .contains("mv -T /volume/mysql /volume/mysql.before\n")
        .endsWith("agent-clone <backup.xbs\n");
    assertThat(steps.giveBack()).endsWith("mv -T /volume/mysql.before /volume/mysql\n");
    assertThat(steps.startPrimary()).contains("--replicas=1\n").doesNotContain("pvc");
    assertThat(steps.startReplicas())
        .startsWith("kubectl delete pvc data-mysql-1 data-mysql-2 ")
        .endsWith("--replicas=3\n");
  }

  @Test
  void cutsAFileAndGivesItBack(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("backup.xbs"), "whole and long");

    String cut = Backups.withCut(file, () -> Files.readString(file));

    assertThat(cut).isEqualTo("whole a");
    assertThat(file).hasContent("whole and long");
    assertThat(directory).isDirectoryNotContaining("glob:**whole");
  }
}
