package mysqlagents.lab;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/// A readiness probe as Kubernetes makes it: `GET` with a short limit, and 200 is yes.
///
/// @param uri a sidecar's `/readyz`
public record ReadinessProbe(URI uri) {
  private static final int TIMEOUT_MILLIS = 1_000;

  /// @param address the pod's
  public static ReadinessProbe of(String address) {
    return new ReadinessProbe(
        URI.create("http://%s:%d/readyz".formatted(address, PodTemplate.MANAGEMENT_PORT)));
  }

  /// Whether the answer is yes; none within a second is no.
  public boolean isReady() {
    try {
      HttpURLConnection request = (HttpURLConnection) uri.toURL().openConnection();
      request.setConnectTimeout(TIMEOUT_MILLIS);
      request.setReadTimeout(TIMEOUT_MILLIS);
      try {
        return request.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        request.disconnect();
      }
    } catch (IOException _) {
      return false;
    }
  }
}
