package mysqlagents.k8s;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// k8s/ as the test applies it: other images, smaller requests and claims, as one small node has to
/// hold it all.
final class Overlay {
  private final Settings settings;
  private final Kubectl kubectl;

  Overlay(Settings settings, Kubectl kubectl) {
    this.settings = settings;
    this.kubectl = kubectl;
  }

  /// All objects as YAML.
  ///
  /// @param podManagement `OrderedReady` or `Parallel`
  String yaml(String podManagement) throws IOException {
    return kubectl.run("kustomize", write(podManagement).toString());
  }

  /// Writes it where the commands of docs/ find it under its usual name.
  ///
  /// @return the directory
  Path write(String podManagement) throws IOException {
    Path directory = settings.scratch(kubectl).resolve("k8s/overlays").resolve(settings.overlay());
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("kustomization.yaml"),
        Resource.text("kustomization.yaml", values(podManagement)));
    for (String patch : new String[] {"small.yaml", "standin.yaml", "empty.yaml"}) {
      Files.writeString(directory.resolve(patch), Resource.text(patch, Map.of()));
    }
    return directory;
  }

  private Map<String, String> values(String podManagement) throws IOException {
    String[] agents = settings.agentImage().split(":", 2);
    String[] server = settings.serverImage().split(":", 2);
    return Map.of(
        "NAMESPACE",
        kubectl.namespace(),
        "OVERLAY",
        settings.overlay(),
        "AGENTS",
        agents[0],
        "AGENTS_TAG",
        agents[1],
        "SERVER",
        settings.serverName(),
        "SERVER_NAME",
        server[0],
        "SERVER_TAG",
        server[1],
        "POD_MANAGEMENT",
        podManagement,
        "STANDIN",
        settings.standIn() ? "standin.yaml" : "empty.yaml",
        "OLD_CLUSTER",
        forOldCluster());
  }

  /// Before Kubernetes 1.21 a PodDisruptionBudget was beta.
  private String forOldCluster() throws IOException {
    boolean old = kubectl.run("api-versions").lines().noneMatch("policy/v1"::equals);
    return old ? Resource.text("old-cluster.yaml", Map.of()) : "";
  }
}
