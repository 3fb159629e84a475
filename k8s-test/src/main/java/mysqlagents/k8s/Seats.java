package mysqlagents.k8s;

import java.io.IOException;
import java.util.Map;

/// Pods that do nothing but keep free addresses from others.
final class Seats {
  /// More addresses than that are hardly free below one that has just become free.
  private static final int COUNT = 8;

  private static final String ALL = "app=seat";

  private final Kubectl kubectl;
  private final Settings settings;

  Seats(Kubectl kubectl, Settings settings) {
    this.kubectl = kubectl;
    this.settings = settings;
  }

  void take() throws IOException {
    StringBuilder pods = new StringBuilder();
    for (int number = 0; number < COUNT; number++) {
      pods.append(
          Resource.text(
              "seat.yaml",
              Map.of("NUMBER", Integer.toString(number), "SERVER", settings.serverImage())));
    }
    kubectl.runWith(pods.toString(), "create", "-f", "-");
    kubectl.run("wait", "--for=condition=Ready", "pod", "-l", ALL, "--timeout=180s");
  }

  void leave() throws IOException {
    kubectl.run("delete", "pod", "-l", ALL);
  }
}
