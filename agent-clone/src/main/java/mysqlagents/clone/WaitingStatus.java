package mysqlagents.clone;

import static java.lang.System.Logger.Level.WARNING;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import mysqlagents.settings.PodName;
import mysqlagents.tls.PodTls;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.DonorStatus;
import mysqlagents.wire.Json;
import mysqlagents.wire.Problem;
import org.jspecify.annotations.Nullable;

/// Answers on the donor's port while this pod has no data, so that pods that start at the same time
/// can tell an empty one from one that is silent: an empty ordinal 0 may begin anew only if all its
/// peers say that they hold nothing (law 4).
final class WaitingStatus implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(WaitingStatus.class.getName());

  /// In seconds. When to ask again for a backup; once this pod has its data, its sidecar answers.
  private static final int RETRY_AFTER = 5;

  private final @Nullable HttpServer server;
  private final ExecutorService threads;

  private WaitingStatus(@Nullable HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /// Where the port cannot be had, the pod waits without it: a peer that asks then waits, and
  /// refuses in the end, which is safe.
  static WaitingStatus start(PodName pod, String address, Network network) {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      HttpServer server = server(new InetSocketAddress(address, network.port()), network.tls());
      server.setExecutor(threads);
      String status = Json.write(status(pod));
      server.createContext("/", exchange -> refuse(exchange, pod));
      server.createContext(BackupProtocol.STATUS_PATH, exchange -> answer(exchange, 200, status));
      server.start();
      return new WaitingStatus(server, threads);
    } catch (IOException | RuntimeException failure) {
      LOG.log(
          WARNING,
          () ->
              "cannot answer on %s:%d that this pod is empty: %s"
                  .formatted(address, network.port(), failure.getMessage()));
      return new WaitingStatus(null, threads);
    }
  }

  private static HttpServer server(InetSocketAddress address, Optional<PodTls> tls)
      throws IOException {
    if (tls.isEmpty()) {
      return HttpServer.create(address, 0);
    }
    HttpsServer server = HttpsServer.create(address, 0);
    server.setHttpsConfigurator(new MutualTls(tls.get()));
    return server;
  }

  private static final class MutualTls extends HttpsConfigurator {
    private final PodTls tls;

    MutualTls(PodTls tls) {
      super(tls.context());
      this.tls = tls;
    }

    @Override
    public void configure(HttpsParameters connection) {
      connection.setSSLParameters(tls.serverParameters());
    }
  }

  private static DonorStatus status(PodName pod) {
    return new DonorStatus(
        BackupProtocol.VERSION,
        pod.toString(),
        pod.isPrimary() ? "primary" : "replica",
        false,
        false,
        noData(pod),
        null,
        null,
        null,
        null,
        0,
        "none",
        null);
  }

  private static String noData(PodName pod) {
    return pod + " has no data yet";
  }

  private static void refuse(HttpExchange exchange, PodName pod) throws IOException {
    exchange.getResponseHeaders().set("Retry-After", Integer.toString(RETRY_AFTER));
    answer(exchange, 503, Json.write(new Problem(noData(pod), "ask again, or ask another pod")));
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange
        .getResponseHeaders()
        .set(BackupProtocol.VERSION_HEADER, Integer.toString(BackupProtocol.VERSION));
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /// Frees the port for the sidecar.
  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
    threads.shutdownNow();
  }
}
