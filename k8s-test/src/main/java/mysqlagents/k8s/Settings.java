package mysqlagents.k8s;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which images are put to the test. The defaults are those of k8s/ with MariaDB.
///
/// @param root the repository's directory
/// @param overlay the directory in k8s/overlays that is tested
/// @param agentImage `name:tag` of the image that `make image` builds
/// @param serverImage `name:tag` of the server's
/// @param upgrade the images that the set is upgraded to; empty for no upgrade
/// @param client the server's command line client, in its image
/// @param sets who plays: `agents`, `bash` (the example's way, for comparison), or both
record Settings(
    Path root,
    String overlay,
    String agentImage,
    String serverImage,
    Optional<Images> upgrade,
    String client,
    List<String> sets) {
  /// See [Settings].
  record Images(String agentImage, String serverImage) {}

  static Settings from(Map<String, String> variables) {
    String overlay = variables.getOrDefault("K8S_OVERLAY", "mariadb");
    return new Settings(
        Path.of(variables.getOrDefault("K8S_ROOT", "")).toAbsolutePath(),
        overlay,
        variables.getOrDefault("AGENT_IMAGE", "mysql-agents:dev"),
        variables.getOrDefault("SERVER_IMAGE", "mariadb:10.11"),
        upgrade(variables),
        overlay.equals("mariadb") ? "mariadb" : "mysql",
        List.of(variables.getOrDefault("K8S_SETS", "agents,bash").split(",")));
  }

  private static Optional<Images> upgrade(Map<String, String> variables) {
    String agents = variables.getOrDefault("UPGRADE_AGENT_IMAGE", "");
    String server = variables.getOrDefault("UPGRADE_SERVER_IMAGE", "");
    if (agents.isEmpty() != server.isEmpty()) {
      throw new IllegalArgumentException(
          "UPGRADE_AGENT_IMAGE and UPGRADE_SERVER_IMAGE go together: set both, or none");
    }
    return agents.isEmpty() ? Optional.empty() : Optional.of(new Images(agents, server));
  }

  Settings with(Images images) {
    return new Settings(
        root, overlay, images.agentImage(), images.serverImage(), upgrade, client, sets);
  }

  /// The public images' entry points read the password from a file; their stand-ins, made where no
  /// registry can be reached, know only the variable with the password in it.
  boolean standIn() {
    return serverImage.startsWith("standin/");
  }

  String serverName() {
    return overlay.equals("mariadb") ? "mariadb" : "mysql";
  }

  /// A directory for what a run writes. Kustomize takes its resources only by relative paths, so it
  /// lies inside the repository.
  Path scratch(Kubectl kubectl) {
    return root.resolve("k8s-test/target").resolve(kubectl.namespace());
  }
}
