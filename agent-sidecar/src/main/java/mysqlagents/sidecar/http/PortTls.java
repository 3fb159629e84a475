package mysqlagents.sidecar.http;

import java.net.InetSocketAddress;
import javax.net.ssl.SSLEngine;
import mysqlagents.tls.PodTls;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/// Mutual TLS in front of a port, with whatever certificate is in force when a connection begins.
public final class PortTls {
  private final PodTls tls;
  private final RefusedHandshakes refused = new RefusedHandshakes();

  public PortTls(PodTls tls) {
    this.tls = tls;
  }

  public PodTls certificate() {
    return tls;
  }

  /// How many connections did not get beyond the handshake.
  public long refused() {
    return refused.count();
  }

  SslConnectionFactory factory() {
    SslConnectionFactory factory =
        new SslConnectionFactory(new Engines(tls), HttpVersion.HTTP_1_1.asString());
    // It would want the name that the client asked for to be one of ours. Pods ask by address, too,
    // and it is for the client to be content with our names.
    factory.setEnsureSecureRequestCustomizer(false);
    factory.addBean(refused);
    return factory;
  }

  /// Makes engines of ours instead of Jetty's: its factory would keep the first certificate, and
  /// choose protocols and demands of its own.
  private static final class Engines extends SslContextFactory.Server {
    private final PodTls tls;

    Engines(PodTls tls) {
      this.tls = tls;
      setSslContext(tls.context());
      setRenegotiationAllowed(false);
    }

    @Override
    public SSLEngine newSSLEngine() {
      return tls.serverEngine();
    }

    @Override
    public SSLEngine newSSLEngine(InetSocketAddress client) {
      return tls.serverEngine();
    }
  }
}
