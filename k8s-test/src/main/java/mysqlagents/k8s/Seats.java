package mysqlagents.k8s;

import java.io.IOException;
import java.util.Map;

/// Pods that do nothing but keep their addresses from others.
final class Seats {
  /// More addresses than that are not free below one that has just become free.
  private static final int LIMIT = 20;

  private final Kubectl kubectl;
  private final Settings settings;

  Seats(Kubectl kubectl, Settings settings) {
    this.kubectl = kubectl;
    this.settings = settings;
  }

  /// Starts pods until one of them has `address`, or so many that the network does not seem to give
  /// it again soon.
  void take(String address) throws IOException {
    for (int number = 0; number < LIMIT; number++) {
      if (addressOf("seat-" + number).equals(address)) {
        return;
      }
    }
  }

  private String addressOf(String name) throws IOException {
    kubectl.runWith(
        Resource.text("seat.yaml", Map.of("NAME", name, "SERVER", settings.serverImage())),
        "create",
        "-f",
        "-");
    kubectl.run("wait", "--for=condition=Ready", "pod/" + name, "--timeout=120s");
    return kubectl.field("pod/" + name, ".status.podIP");
  }

  void leave() throws IOException {
    kubectl.run("delete", "pod", "-l", "app=seat");
  }
}
