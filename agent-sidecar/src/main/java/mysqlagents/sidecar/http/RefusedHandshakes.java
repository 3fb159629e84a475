package mysqlagents.sidecar.http;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.time.Duration;
import mysqlagents.tls.TlsException;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;

/// Counts the connections that did not get beyond the handshake, and tells of them: who, and why.
///
/// A scanner may make thousands of them a minute: then a few lines stand for all.
final class RefusedHandshakes implements SslHandshakeListener {
  private static final System.Logger LOG = System.getLogger(RefusedHandshakes.class.getName());

  private static final Duration PERIOD = Duration.ofMinutes(1);
  private static final int MOST_LINES = 5;

  private long count;
  private long unsaid;
  private int lines;
  private long period = System.nanoTime();

  @Override
  public void handshakeFailed(Event event, Throwable failure) {
    String peer = String.valueOf(event.getEndPoint().getRemoteSocketAddress());
    IOException cause = failure instanceof IOException io ? io : new IOException(failure);
    refused(peer, String.valueOf(TlsException.explaining(cause).getMessage()));
  }

  private synchronized void refused(String peer, String why) {
    count++;
    startPeriod();
    if (lines < MOST_LINES) {
      lines++;
      LOG.log(WARNING, () -> "refused a connection from %s: %s".formatted(peer, why));
    } else {
      unsaid++;
    }
  }

  private void startPeriod() {
    if (System.nanoTime() - period < PERIOD.toNanos()) {
      return;
    }
    if (unsaid > 0) {
      long others = unsaid;
      LOG.log(WARNING, () -> "refused %d more connections, not named here".formatted(others));
    }
    period = System.nanoTime();
    lines = 0;
    unsaid = 0;
  }

  synchronized long count() {
    return count;
  }
}
