package mysqlagents.k8s;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// A namespace of this run's own, which goes with all that is in it.
final class Namespace implements AutoCloseable {
  private static final Duration GONE_LIMIT = Duration.ofMinutes(5);

  private final Kubectl kubectl;

  private Namespace(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  static Namespace create(String purpose) throws IOException {
    String name =
        "k8s-test-%s-%05x".formatted(purpose, ThreadLocalRandom.current().nextInt(1 << 20));
    Namespace namespace = new Namespace(new Kubectl(name));
    namespace.kubectl.run("create", "namespace", name);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(namespace::abandon));
    Waiting.until(
        "the namespace's service account",
        GONE_LIMIT,
        () -> namespace.kubectl.attempt("", "get", "serviceaccount", "default").succeeded(),
        () -> "");
    return namespace;
  }

  Kubectl kubectl() {
    return kubectl;
  }

  /// Deletes it and waits until it is gone.
  @Override
  public void close() throws IOException {
    abandon();
    Waiting.until(
        "the end of namespace " + kubectl.namespace(),
        GONE_LIMIT,
        () -> !kubectl.attempt("", "get", "namespace", kubectl.namespace()).succeeded(),
        () -> kubectl.attempt("", "get", "all").text());
  }

  /// On Ctrl-C nobody waits.
  private void abandon() {
    try {
      kubectl.attempt(
          "",
          "delete",
          "namespace",
          kubectl.namespace(),
          "--ignore-not-found",
          "--wait=false",
          "--grace-period=1");
    } catch (IOException failure) {
      System.err.println("namespace " + kubectl.namespace() + " is left: " + failure.getMessage());
    }
  }
}
