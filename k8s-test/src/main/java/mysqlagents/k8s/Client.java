package mysqlagents.k8s;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A pod with the server's command line client in it, as the tutorial has one.
final class Client {
  static final Duration REPLICATION_LIMIT = Duration.ofSeconds(60);

  /// A pod's name and address reach DNS some time after the pod is ready: CoreDNS keeps an answer,
  /// and that there is none, for 30 s if its configuration does not say otherwise. And a pod whose
  /// mysqld was killed goes on being ready until its probe has failed five times.
  private static final Duration NAME_LIMIT = Duration.ofSeconds(60);

  /// No such host, or nobody there: the statements have reached no server. MariaDB's client says
  /// 2002 where MySQL's says 2003.
  private static final Pattern UNREACHED = Pattern.compile("ERROR 200[235] \\(HY000\\): .*");

  private final Kubectl kubectl;
  private final String program;

  private Client(Kubectl kubectl, String program) {
    this.kubectl = kubectl;
    this.program = program;
  }

  static Client start(Kubectl kubectl, Settings settings) throws IOException {
    kubectl.runWith(
        Resource.text("client.yaml", Map.of("SERVER", settings.serverImage())),
        "create",
        "-f",
        "-");
    kubectl.run("wait", "--for=condition=Ready", "pod/client", "--timeout=120s");
    return new Client(kubectl, settings.client());
  }

  /// Started before its password was there, it has none.
  static Client startAnew(Kubectl kubectl, Settings settings) throws IOException {
    kubectl.run("delete", "pod", "client");
    return start(kubectl, settings);
  }

  /// Runs statements as root; the result has no headings, and tabs between the columns.
  String sql(String host, String statements) throws IOException {
    return untilReached(
        NAME_LIMIT,
        () ->
            kubectl.run(
                "exec", "client", "--", program, "-h", host, "-u", "root", "-N", "-e", statements));
  }

  /// Repeats what has reached no server, and nothing else: an INSERT must not be done twice.
  ///
  /// @throws KubectlException if none is reached within `limit`, or on any other failure at once
  static String untilReached(Duration limit, Waiting.Sight statements) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      try {
        return statements.look();
      } catch (KubectlException failure) {
        Matcher unreached = UNREACHED.matcher(String.valueOf(failure.getMessage()));
        if (!unreached.find() || System.nanoTime() > deadline) {
          throw failure;
        }
        System.out.println("   once more, after " + unreached.group());
      }
      Waiting.pause(Waiting.POLL);
    }
  }

  /// Waits until replication has made `query` answer `expected`.
  void awaitAnswer(String host, String query, String expected) throws IOException {
    Waiting.until(
        "'%s' on %s answered by '%s'".formatted(query, host, expected),
        REPLICATION_LIMIT,
        () -> sql(host, query).equals(expected),
        () -> sql(host, query));
  }

  /// Runs a script in the client's pod.
  Kubectl.Result bash(String script) throws IOException {
    return kubectl.attempt("", "exec", "client", "--", "bash", "-c", script);
  }

  /// The example's loop: asks the read service again and again who answers.
  String askWhoAnswers(String host, int times) throws IOException {
    return bash("for i in $(seq %d); do %s -h %s -u root -N -e 'SELECT @@server_id'; done"
            .formatted(times, program, host))
        .output();
  }
}
