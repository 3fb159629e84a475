package mysqlagents.docker;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/// Says how far the tests have come, for a run takes minutes.
final class Progress implements BeforeTestExecutionCallback, AfterTestExecutionCallback {
  private static final Namespace NAMESPACE = Namespace.create(Progress.class);

  @Override
  public void beforeTestExecution(ExtensionContext test) {
    test.getStore(NAMESPACE).put("began", System.nanoTime());
  }

  @Override
  public void afterTestExecution(ExtensionContext test) {
    long began = Objects.requireNonNull(test.getStore(NAMESPACE).get("began", Long.class));
    String parent =
        test.getParent().map(ExtensionContext::getDisplayName).orElse("").replace("\"", "");
    System.out.printf(
        "%-6s %s: %s [%d s]%n",
        test.getExecutionException().isEmpty() ? "ok" : "FAILED",
        parent,
        test.getDisplayName(),
        Duration.ofNanos(System.nanoTime() - began).toSeconds());
  }
}
