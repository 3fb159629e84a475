package mysqlagents.k8s;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/// What somebody needs who was not there when a step failed, within bounds: a log that nobody can
/// read to its end helps nobody.
final class Diagnosis {
  /// Lines of one answer; its end says most.
  private static final int LINES = 200;

  /// Lines of all answers together.
  private static final int ALL_LINES = 2000;

  private final Kubectl kubectl;
  private final PrintStream out;
  private int left = ALL_LINES;

  private Diagnosis(Kubectl kubectl, PrintStream out) {
    this.kubectl = kubectl;
    this.out = out;
  }

  static void print(Kubectl kubectl, PrintStream out) {
    new Diagnosis(kubectl, out).print();
  }

  private void print() {
    show("get", "pods,pvc,endpoints,statefulsets", "-o", "wide");
    show("get", "events", "--sort-by=.lastTimestamp");
    for (String pod : pods()) {
      show("describe", "pod", pod);
      for (String container : new String[] {"init-mysql", "clone-mysql", "mysql", "xtrabackup"}) {
        show("logs", pod, "-c", container, "--tail=30");
        show("logs", pod, "-c", container, "--tail=30", "--previous");
      }
    }
  }

  private List<String> pods() {
    try {
      String names =
          kubectl
              .attempt(
                  "",
                  "get",
                  "pods",
                  "-l",
                  "app=mysql",
                  "-o",
                  "jsonpath={.items[*].metadata.name}",
                  "--request-timeout=10s")
              .output();
      return names.isBlank() ? List.of() : List.of(names.split(" "));
    } catch (IOException failure) {
      out.println("no pods: " + failure.getMessage());
      return List.of();
    }
  }

  /// What is not there, such as the log of an earlier run, is left out.
  private void show(String... arguments) {
    if (left <= 0) {
      return;
    }
    try {
      Kubectl.Result result = kubectl.attempt("", withTimeout(arguments));
      if (result.succeeded()) {
        out.printf("%n$ kubectl %s%n", String.join(" ", arguments));
        end(result.text()).forEach(out::println);
      }
    } catch (IOException failure) {
      out.printf("%n$ kubectl %s%n%s%n", String.join(" ", arguments), failure.getMessage());
    }
  }

  private static String[] withTimeout(String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = "--request-timeout=10s";
    return all;
  }

  private List<String> end(String text) {
    List<String> lines = text.lines().toList();
    int shown = Math.min(Math.min(lines.size(), LINES), left);
    left -= shown;
    return lines.subList(lines.size() - shown, lines.size());
  }
}
