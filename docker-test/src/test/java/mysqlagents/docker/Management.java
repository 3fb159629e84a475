package mysqlagents.docker;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// What a sidecar answers to Kubernetes and Prometheus.
final class Management {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final Pod pod;

  Management(Pod pod) {
    this.pod = pod;
  }

  /// `200 ready: …` or `503 not ready: …`.
  String readyz() throws IOException, InterruptedException {
    HttpResponse<String> answer = get("/readyz");
    return answer.statusCode() + " " + answer.body().strip();
  }

  /// The state of replication for which the metric is 1.
  String state() throws IOException, InterruptedException {
    return found("mysql_agents_replication_state\\{state=\"([a-z]+)\"} 1\\.0");
  }

  double restarts() throws IOException, InterruptedException {
    return Double.parseDouble(found("(?m)^mysql_agents_replication_restarts_total (\\S+)$"));
  }

  double lag() throws IOException, InterruptedException {
    return Double.parseDouble(found("(?m)^mysql_agents_replication_lag_seconds (\\S+)$"));
  }

  /// Connections to the backup port that did not get beyond TLS.
  double strangers() throws IOException, InterruptedException {
    return Double.parseDouble(found("(?m)^mysql_agents_tls_handshake_failures_total (\\S+)$"));
  }

  private String found(String pattern) throws IOException, InterruptedException {
    String metrics = get("/metrics").body();
    return Pattern.compile(pattern)
        .matcher(metrics)
        .results()
        .map((MatchResult match) -> match.group(1))
        .findFirst()
        .orElseThrow(() -> new IOException("no metric like %s in%n%s".formatted(pattern, metrics)));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI address = URI.create("http://" + pod.address(Pod.MANAGEMENT) + path);
    return CLIENT.send(
        HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
  }
}
