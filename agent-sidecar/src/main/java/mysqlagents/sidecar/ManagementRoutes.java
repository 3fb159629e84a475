package mysqlagents.sidecar;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import mysqlagents.settings.PodName;
import mysqlagents.sidecar.Readiness.Verdict;
import mysqlagents.sidecar.http.Answers;
import mysqlagents.sidecar.http.GetRoutes;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Probes and metrics, by path.
final class ManagementRoutes {
  /// Prometheus's text format.
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private ManagementRoutes() {}

  static GetRoutes of(PodName pod, Readiness readiness, PrometheusMeterRegistry metrics) {
    return new GetRoutes(
        Map.of(
            "/", (_, response, callback) -> index(pod, response, callback),
            // That this is answered is what it says. mysqld's death is not ours: to restart this
            // container would cure nothing, and cut a backup.
            "/livez", (_, response, callback) -> text(response, callback, true, "alive"),
            "/readyz", (_, response, callback) -> ready(readiness, response, callback),
            "/metrics",
                (_, response, callback) ->
                    Answers.send(
                        response, callback, HttpStatus.OK_200, METRICS_TYPE, metrics.scrape())));
  }

  private static void ready(Readiness readiness, Response response, Callback callback) {
    Verdict verdict = readiness.verdict();
    String word = verdict.isReady() ? "ready" : "not ready";
    text(response, callback, verdict.isReady(), word + ": " + verdict.why());
  }

  private static void index(PodName pod, Response response, Callback callback) {
    text(
        response,
        callback,
        true,
        """
        agent-sidecar of %s
        /readyz   may this pod be read from, and if not, why
        /livez    is agent-sidecar alive
        /metrics  for Prometheus\
        """
            .formatted(pod));
  }

  private static void text(Response response, Callback callback, boolean good, String text) {
    Answers.text(
        response,
        callback,
        good ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503,
        text + "\n");
  }
}
