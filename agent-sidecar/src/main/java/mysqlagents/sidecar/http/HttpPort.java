package mysqlagents.sidecar.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.AgentMain;
import mysqlagents.main.ExitCode;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
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

  /// Connections that are neither asking nor being answered are closed after this.
  private static final long CONNECTION_IDLE_LIMIT_MILLIS = 30_000;

  /// A set has a few pods and a few scrapers.
  private static final int MOST_CONNECTIONS = 64;

  private final Server server;
  private final ServerConnector connector;

  private HttpPort(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  /// Opens a port; requests are answered from here on.
  ///
  /// @param name for the names of its threads
  /// @param port 0 for any that is free
  /// @throws AgentFailure if it cannot be opened
  public static HttpPort open(String name, String address, int port, Handler handler)
      throws AgentFailure {
    Server server = new Server(threads(name));
    ServerConnector connector = new ServerConnector(server, null, null, null, 0, 1, http());
    connector.setHost(address);
    connector.setPort(port);
    connector.setIdleTimeout(CONNECTION_IDLE_LIMIT_MILLIS);
    connector.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, connector));
    server.addConnector(connector);
    server.setHandler(handler);
    server.setErrorHandler(Answers::jettyError);
    // Whoever needs time to finish has had it before the port is closed.
    server.setStopTimeout(0);
    start(server, "%s:%d".formatted(address, port));
    return new HttpPort(server, connector);
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
    return new HttpConnectionFactory(configuration);
  }

  private static void start(Server server, String where) throws AgentFailure {
    try {
      server.start();
    } catch (Exception failure) {
      throw new AgentFailure(
          ExitCode.FAILED,
          "cannot listen on %s: %s".formatted(where, AgentMain.withCauses(failure)),
          "end the process that has the port, or choose another one",
          failure);
    }
  }

  /// The port's number.
  public int number() {
    return connector.getLocalPort();
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
