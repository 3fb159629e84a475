package mysqlagents.sidecar.http;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/// Who is connected to a port, and for how long that may last.
public final class Caller {
  private final EndPoint connection;
  private final Duration life;
  private volatile boolean kept;
  private volatile long deadline;

  /// @param connection the socket's own; what encrypts it lies above
  Caller(EndPoint connection, Duration life) {
    this.connection = connection;
    this.life = life;
    release();
  }

  /// Whoever sent the request.
  public static Caller of(Request request) {
    return Callers.of(request.getConnectionMetaData().getConnector())
        .find(request.getConnectionMetaData().getConnection().getEndPoint());
  }

  /// The socket's own end of a connection, below TLS.
  static EndPoint socket(EndPoint connection) {
    return connection instanceof EndPoint.Wrapper wrapper ? socket(wrapper.unwrap()) : connection;
  }

  /// Lifts the limits: from here on it is for the one who answers to say how long it may take.
  public void keep() {
    kept = true;
    connection.setIdleTimeout(0);
  }

  /// Puts the limits back; the caller's time begins anew.
  public void release() {
    deadline = System.nanoTime() + life.toNanos();
    connection.setIdleTimeout(life.toMillis());
    kept = false;
  }

  boolean isKept() {
    return kept;
  }

  boolean isLate() {
    return !kept && System.nanoTime() - deadline > 0;
  }

  /// Where the caller comes from, without the port.
  Object address() {
    SocketAddress remote = connection.getRemoteSocketAddress();
    return remote instanceof InetSocketAddress internet
        ? Objects.requireNonNullElse(internet.getAddress(), internet)
        : "unknown";
  }

  /// Ends the connection at once and without a word, not even TLS's goodbye: whatever has been sent
  /// must not look like all there was.
  public void cut(Throwable reason) {
    connection.close(reason);
  }
}
