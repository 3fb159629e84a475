package mysqlagents.sidecar.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.AgentMain;
import mysqlagents.main.ExitCode;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// A port that answers HTTP/1.1. It has threads of its own, so that a flood on one port does not
/// silence the other.
public final class HttpPort implements AutoCloseable {
  /// One thread waits for the network; the others answer. No answer takes long: a backup's bytes
  /// are sent by a thread of the donor.
  private static final int MOST_THREADS = 8;

  private static final int LEAST_THREADS = 2;
  private static final int THREAD_IDLE_LIMIT_MILLIS = 10_000;

  /// Connections that the operating system holds until they are accepted. Beyond that a client is
  /// not answered, and tries again a second later.
  static final int MOST_WAITING = 1024;

  /// What strangers may take; `docs/decisions/0006-hostile-clients.md` says why.
  ///
  /// @param connections besides those that are kept; a newcomer takes the place of another one
  /// @param life from the connection to the end of the answer
  public record Limits(int connections, Duration life) {
    /// A set has a few pods and a few scrapers. Prometheus waits for 10 s, probes for less.
    public static final Limits USUAL = new Limits(64, Duration.ofSeconds(15));
  }

  private final Server server;
  private final ServerConnector connector;

  private HttpPort(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  /// Opens a port in the clear; requests are answered from here on.
  ///
  /// @param name for the names of its threads
  /// @param port 0 for any that is free
  /// @throws AgentFailure if it cannot be opened
  public static HttpPort open(String name, String address, int port, Handler handler)
      throws AgentFailure {
    return open(name, address, port, handler, Optional.empty(), Limits.USUAL);
  }

  /// @param tls empty for a port in the clear
  public static HttpPort open(
      String name, String address, int port, Handler handler, Optional<PortTls> tls, Limits limits)
      throws AgentFailure {
    Server server = new Server(threads(name));
    ServerConnector connector = new ServerConnector(server, null, null, null, 0, 1, factories(tls));
    connector.setHost(address);
    connector.setPort(port);
    connector.setAcceptQueueSize(MOST_WAITING);
    connector.addBean(new Callers(connector, limits));
    server.addConnector(connector);
    server.setHandler(handler);
    server.setErrorHandler(Answers::jettyError);
    // Whoever needs time to finish has had it before the port is closed.
    server.setStopTimeout(0);
    start(server, "%s:%d".formatted(address, port));
    return new HttpPort(server, connector);
  }

  private static ConnectionFactory[] factories(Optional<PortTls> tls) {
    HttpConnectionFactory http = http();
    return tls.map(secure -> new ConnectionFactory[] {secure.factory(), http})
        .orElseGet(() -> new ConnectionFactory[] {http});
  }

  private static QueuedThreadPool threads(String name) {
    QueuedThreadPool threads =
        new QueuedThreadPool(MOST_THREADS, LEAST_THREADS, THREAD_IDLE_LIMIT_MILLIS, 0, null, null);
    threads.setName(name);
    threads.setDaemon(true);
    return threads;
  }

  private static HttpConnectionFactory http() {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    // One request each: that leaves a single limit to be kept, the life of a connection.
    configuration.setPersistentConnectionsEnabled(false);
    return new HttpConnectionFactory(configuration);
  }

  private static void start(Server server, String where) throws AgentFailure {
    try {
      server.start();
    } catch (Exception failure) {
      throw new AgentFailure(
          ExitCode.FAILED,
          "cannot listen on %s: %s".formatted(where, AgentMain.withCauses(failure)),
          "end the process that has the port, or choose another one (BACKUP_PORT, MANAGEMENT_PORT); LISTEN_ADDRESS has to be an address of this pod",
          failure);
    }
  }

  /// The port's number.
  public int number() {
    return connector.getLocalPort();
  }

  /// How many connections are open now.
  public int connections() {
    return connector.getConnectedEndPoints().size();
  }

  /// Closes the port and every connection; what is being answered is cut.
  @Override
  public void close() {
    try {
      server.stop();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}
