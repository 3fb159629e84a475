package mysqlagents.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UpgradeTest {
  private static final Map<String, String> UPGRADE =
      Map.of(
          "K8S_ROOT",
          "..",
          "UPGRADE_AGENT_IMAGE",
          "mysql-agents:next",
          "UPGRADE_SERVER_IMAGE",
          "mariadb:11.8");

  @Test
  void findsEachStepInTheManual() throws IOException {
    Upgrade.Steps steps = Upgrade.Steps.in(Manual.page(Settings.from(UPGRADE), "operations.md"));

    assertThat(steps.stopBeforePrimary()).contains("\"partition\":1}");
    assertThat(steps.primary()).contains("\"partition\":0}");
    assertThat(steps.tables()).startsWith("kubectl exec mysql-0 ").contains("mariadb-upgrade");
  }

  @Test
  void hasOtherImagesAndNothingElse() {
    Settings now = Settings.from(UPGRADE);

    assertThat(now.with(now.upgrade().orElseThrow()))
        .usingRecursiveComparison()
        .isEqualTo(
            new Settings(
                now.root(),
                "mariadb",
                "mysql-agents:next",
                "mariadb:11.8",
                now.upgrade(),
                "mariadb",
                now.sets()));
  }

  @Test
  void needsBothImages() {
    assertThatThrownBy(() -> Settings.from(Map.of("UPGRADE_SERVER_IMAGE", "mariadb:11.8")))
        .hasMessage("UPGRADE_AGENT_IMAGE and UPGRADE_SERVER_IMAGE go together: set both, or none");
  }
}
