package mysqlagents.lab;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/// A pod's management port, as a probe or Prometheus sees it.
final class Management {
  private Management() {}

  static HttpResponse<String> get(Pod pod, String path) throws IOException, InterruptedException {
    URI address =
        URI.create("http://%s:%d%s".formatted(pod.address(), PodTemplate.MANAGEMENT_PORT, path));
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
