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
    // Kustomize takes its resources only by relative paths, so this lies inside the repository.
    Path directory =
        settings.root().resolve("k8s-test/target").resolve("overlay-" + kubectl.namespace());
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("kustomization.yaml"),
        Resource.text(
            "kustomization.yaml",
            Map.of(
                "NAMESPACE",
                kubectl.namespace(),
                "OVERLAY",
                settings.overlay(),
                "AGENTS",
                settings.agentImage().split(":", 2)[0],
                "AGENTS_TAG",
                settings.agentImage().split(":", 2)[1],
                "SERVER",
                settings.serverName(),
                "SERVER_NAME",
                settings.serverImage().split(":", 2)[0],
                "SERVER_TAG",
                settings.serverImage().split(":", 2)[1],
                "POD_MANAGEMENT",
                podManagement,
                "STANDIN",
                settings.standIn() ? "standin.yaml" : "empty.yaml")));
    for (String patch : new String[] {"small.yaml", "standin.yaml", "empty.yaml"}) {
      Files.writeString(directory.resolve(patch), Resource.text(patch, Map.of()));
    }
    return forThisCluster(kubectl.run("kustomize", directory.toString()));
  }

  /// Before Kubernetes 1.21 a PodDisruptionBudget was beta.
  private String forThisCluster(String yaml) throws IOException {
    boolean old = kubectl.run("api-versions").lines().noneMatch("policy/v1"::equals);
    return old ? yaml.replace("apiVersion: policy/v1\n", "apiVersion: policy/v1beta1\n") : yaml;
  }
}
