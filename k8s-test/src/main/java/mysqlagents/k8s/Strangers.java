package mysqlagents.k8s;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/// Pods that do not belong to the set and want its data.
///
/// The network policy would keep them away from the port altogether, but many clusters' networks do
/// not enforce it, such as the one that this was written on; what is tested is that TLS is enough.
final class Strangers {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String ASK =
      """
      until exec 3<>/dev/tcp/mysql-1.mysql/3307; do
          [ $((tries += 1)) -lt 60 ] || exit 9
          sleep 1
      done
      printf 'GET /backup HTTP/1.1\\r\\nHost: mysql-1.mysql\\r\\n\\r\\n' >&3
      timeout 10 head -c 1000 <&3 | tr -dc 'a-zA-Z0-9/. ' | head -c 100
      """;

  private final Timetable timetable;
  private final Kubectl kubectl;
  private final Client client;
  private final Settings settings;

  Strangers(Timetable timetable, Kubectl kubectl, Client client, Settings settings) {
    this.timetable = timetable;
    this.kubectl = kubectl;
    this.client = client;
    this.settings = settings;
  }

  void play() throws IOException {
    timetable.step("agents", "a pod without a certificate asks 3307: nothing", this::askInTheClear);
    timetable.step("agents", "agent-clone with a foreign certificate: nothing", this::thief);
  }

  private void askInTheClear() throws IOException {
    Kubectl.Result answer = client.bash(ASK);
    timetable.show("answer: '%s'".formatted(answer.output()));
    StepFailure.unless(answer.status() != 9, "nobody listens on 3307: " + answer.text());
    StepFailure.unless(!answer.output().contains("HTTP/1.1 200"), "a stranger was given a backup");
  }

  /// A pod outside the set runs agent-clone itself. It believes the set's authority, which is no
  /// secret; its own certificate is by another.
  private void thief() throws IOException {
    Secrets.create(settings, kubectl, "--set", "thief", "--only", "tls");
    believeSet();
    kubectl.runWith(
        Resource.text("thief.yaml", Map.of("AGENTS", settings.agentImage())), "create", "-f", "-");
    Waiting.until(
        "the thief's end",
        LIMIT,
        () -> kubectl.field("pod/thief-1", ".status.phase").equals("Failed"),
        () -> kubectl.run("logs", "thief-1", "--tail=20"));
    String log = kubectl.run("logs", "thief-1", "--tail=20");
    timetable.show(log);
    StepFailure.unless(
        log.contains("requires a certificate of an authority"), "the thief was not turned away");
    StepFailure.unless(!log.contains("\"cloned\""), "the thief has the data");
    kubectl.run("delete", "pod", "thief-1");
  }

  /// agent-clone starts only with a certificate that fits its `ca.crt`, so that holds both
  /// authorities.
  private void believeSet() throws IOException {
    String both = authority("thief-tls") + authority("mysql-tls");
    String data = Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.US_ASCII));
    kubectl.run("patch", "secret", "thief-tls", "-p", "{\"data\":{\"ca.crt\":\"" + data + "\"}}");
  }

  private String authority(String secret) throws IOException {
    String data = kubectl.field("secret/" + secret, ".data.ca\\.crt");
    return new String(Base64.getDecoder().decode(data), StandardCharsets.US_ASCII);
  }
}
