package mysqlagents.k8s;

import java.io.IOException;
import java.util.Map;

/// Sends SIGKILL to containers' processes, from a privileged pod on the node that they are on.
final class Killer {
  private final Kubectl kubectl;
  private final Settings settings;

  Killer(Kubectl kubectl, Settings settings) {
    this.kubectl = kubectl;
    this.settings = settings;
  }

  /// Kills all processes of a running container.
  void kill(String pod, String container) throws IOException {
    String id =
        kubectl.field(
            "pod/" + pod,
            ".status.containerStatuses[?(@.name=='%s')].containerID".formatted(container));
    // docker://0123…; the number is part of the name of the processes' control group.
    String killed = run(pod, "kill.sh", id.substring(id.indexOf("//") + 2));
    StepFailure.unless(!killed.isBlank(), "%s of %s has no process".formatted(container, pod));
  }

  /// Waits until agent-clone has received a part of its clone, and kills it.
  ///
  /// @return what the clone had received by then, as `ls` shows it
  String killClone(String pod) throws IOException {
    return run(pod, "kill-clone.sh", kubectl.field("pod/" + pod, ".metadata.uid"));
  }

  private String run(String pod, String script, String argument) throws IOException {
    return kubectl.runWith(
        Resource.text(script, Map.of()),
        "exec",
        "-i",
        killerBeside(pod),
        "--",
        "sh",
        "-s",
        argument);
  }

  /// The killer on the pod's node, started if need be.
  private String killerBeside(String pod) throws IOException {
    String node = kubectl.field("pod/" + pod, ".spec.nodeName");
    String name = "killer-" + node;
    if (!kubectl.attempt("", "get", "pod", name).succeeded()) {
      kubectl.runWith(
          Resource.text(
              "killer.yaml", Map.of("NAME", name, "NODE", node, "SERVER", settings.serverImage())),
          "create",
          "-f",
          "-");
      kubectl.run("wait", "--for=condition=Ready", "pod/" + name, "--timeout=120s");
    }
    return name;
  }
}
