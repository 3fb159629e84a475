package mysqlagents.clone;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import mysqlagents.main.AgentFailure;
import mysqlagents.tls.PodTls;
import mysqlagents.tls.TlsSettings;
import mysqlagents.tls.TlsWatch;
import mysqlagents.wire.client.HttpConnection;
import org.jspecify.annotations.Nullable;

/// How this pod reaches the others: over mutual TLS, or in the clear where the user has said so.
///
/// A pod may wait for its clone for long; certificates that are renewed meanwhile are taken.
final class Network implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Network.class.getName());

  private final Optional<PodTls> tls;
  private final @Nullable TlsWatch watch;
  private final int port;

  private Network(Optional<PodTls> tls, @Nullable TlsWatch watch, int port) {
    this.tls = tls;
    this.watch = watch;
    this.port = port;
  }

  /// @param port where every pod listens
  /// @throws AgentFailure if there is no certificate, or none that can be used
  static Network open(Optional<TlsSettings> settings, int port) throws AgentFailure {
    if (settings.isEmpty()) {
      return inTheClear(port);
    }
    PodTls tls = PodTls.load(settings.get());
    return new Network(Optional.of(tls), TlsWatch.start(tls, TlsWatch.INTERVAL), port);
  }

  static Network inTheClear(int port) {
    return new Network(Optional.empty(), null, port);
  }

  /// To be said at each start, so that nobody forgets it.
  static void warnIfOff(Optional<TlsSettings> settings) {
    if (settings.isEmpty()) {
      LOG.log(
          WARNING,
          () -> "TLS=off: backups come unencrypted from whoever answers under the donor's name");
    }
  }

  /// Empty in the clear.
  Optional<PodTls> tls() {
    return tls;
  }

  int port() {
    return port;
  }

  /// To a pod by its own name.
  HttpConnection connect(String host, Duration stallLimit) throws IOException {
    return HttpConnection.open(host, port, stallLimit, tls);
  }

  /// To one of the addresses that `service` has resolved to. Which pod that is, is not known; so it
  /// has to prove the service's name.
  HttpConnection connect(InetAddress address, String service, Duration stallLimit)
      throws IOException {
    return HttpConnection.open(address, service, port, stallLimit, tls);
  }

  /// Takes a certificate that has been renewed since the watch last looked.
  void refresh() {
    if (watch != null) {
      watch.look();
    }
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
  }
}
