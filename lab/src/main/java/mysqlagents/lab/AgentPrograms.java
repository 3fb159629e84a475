package mysqlagents.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where the agents' programs are, and how users start them.
///
/// @param project the project's directory, with each agent's jar in its module's `target`
/// @param java the launcher of the JDK that runs the lab too
public record AgentPrograms(Path project, Path java) {
  /// The flags that the manifests use; C2 stays on, for it is what moves bytes quickly.
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-Xss256k",
          "-Xmx64m",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:-UsePerfData");

  /// Looks from the working directory upwards.
  public static AgentPrograms find() throws IOException {
    Path start = Path.of("").toAbsolutePath();
    for (Path directory = start; directory != null; directory = directory.getParent()) {
      if (Files.exists(jar(directory, "agent-clone"))) {
        return new AgentPrograms(
            directory, Path.of(System.getProperty("java.home"), "bin", "java"));
      }
    }
    throw new IOException(
        "no agent-clone/target/agent-clone.jar in %s or above it; build it with 'make build'"
            .formatted(start));
  }

  /// @param hosts stands in for the cluster's DNS
  /// @param temporary where temporary files go
  public List<String> command(String agent, Path hosts, Path temporary) {
    List<String> command = new ArrayList<>(List.of(java.toString()));
    command.addAll(FLAGS);
    command.add("-Djdk.net.hosts.file=" + hosts);
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(List.of("-jar", jar(project, agent).toString()));
    return command;
  }

  private static Path jar(Path project, String agent) {
    return project.resolve(agent).resolve("target").resolve(agent + ".jar");
  }
}
