package mysqlagents.k8s;

import java.io.IOException;
import java.io.PrintStream;

/// What somebody needs who was not there when a step failed.
final class Diagnosis {
  private Diagnosis() {}

  static void print(Kubectl kubectl, PrintStream out) {
    show(kubectl, out, "get", "pods,pvc,endpoints", "-o", "wide");
    show(kubectl, out, "describe", "pods", "-l", "app=mysql");
    show(kubectl, out, "get", "events", "--sort-by=.lastTimestamp");
    for (int ordinal = 0; ordinal < 5; ordinal++) {
      String pod = MysqlSet.pod(ordinal);
      for (String container : new String[] {"init-mysql", "clone-mysql", "mysql", "xtrabackup"}) {
        show(kubectl, out, "logs", pod, "-c", container, "--tail=40");
        show(kubectl, out, "logs", pod, "-c", container, "--tail=40", "--previous");
      }
    }
  }

  /// What is not there, such as the log of an earlier run, is left out.
  private static void show(Kubectl kubectl, PrintStream out, String... arguments) {
    try {
      Kubectl.Result result = kubectl.attempt("", arguments);
      if (result.succeeded()) {
        out.printf("%n$ kubectl %s%n%s%n", String.join(" ", arguments), result.text());
      }
    } catch (IOException failure) {
      out.printf("%n$ kubectl %s%n%s%n", String.join(" ", arguments), failure.getMessage());
    }
  }
}
