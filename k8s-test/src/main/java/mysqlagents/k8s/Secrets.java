package mysqlagents.k8s;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// `k8s/create-secrets | kubectl create -f -`.
final class Secrets {
  private Secrets() {}

  /// @param options beyond the namespace
  static String create(Settings settings, Kubectl kubectl, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                settings.root().resolve("k8s/create-secrets").toString(),
                "--namespace",
                kubectl.namespace()));
    command.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String yaml = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      StepFailure.unless(process.waitFor() == 0, "create-secrets failed");
    } catch (InterruptedException _) {
      throw Waiting.interrupted("create-secrets");
    }
    return kubectl.runWith(yaml, "create", "-f", "-");
  }
}
