package mysqlagents.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LostPrimaryTest {
  private static final Settings SETTINGS = Settings.from(Map.of("K8S_ROOT", ".."));

  /// No claim goes before the primary has its new data.
  @Test
  void findsEachStepInTheManual() throws IOException {
    LostPrimary.Steps steps = LostPrimary.Steps.in(Manual.page(SETTINGS, "operations.md"));

    assertThat(steps.compare()).contains("SHOW REPLICA STATUS");
    assertThat(steps.stop()).contains("--replicas=0\n").doesNotContain("pvc");
    assertThat(steps.copy())
        .contains("k8s/restore/copy.yaml | kubectl apply -f -\n", "kubectl wait ", "kubectl logs ")
        .doesNotContain("--watch");
    assertThat(steps.startPrimary()).contains("--replicas=1\n").doesNotContain("pvc");
    assertThat(steps.startReplicas())
        .startsWith("kubectl delete pvc data-mysql-1 data-mysql-2\n")
        .endsWith("--replicas=3\n");
  }
}
