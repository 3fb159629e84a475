package mysqlagents.sidecar.server;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// Asks a mysqld for the certificate that it shows to new clients, as any client does before it
/// logs in. Its status does not tell: MariaDB's speaks of the connection that asks, which may be
/// old.
final class PresentedCertificate {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /// Of every packet: three bytes of length, one of sequence.
  private static final int HEADER = 4;

  /// More than any server's greeting has.
  private static final int LONGEST_GREETING = 4_096;

  /// Flags of the protocol: the server offers, and the client asks for, TLS.
  private static final int CLIENT_SSL = 0x0800;

  private static final int CLIENT_PROTOCOL_41 = 0x0200;
  private static final int CLIENT_SECURE_CONNECTION = 0x8000;

  /// What a client sends in place of its login to begin TLS: flags, packet size, character set, and
  /// 23 bytes of nothing.
  private static final int TLS_REQUEST = 32;

  private static final int PACKET_SIZE = 1 << 24;
  private static final byte UTF8MB4 = 45;

  private PresentedCertificate() {}

  /// @return empty if the server offers no TLS
  static Optional<X509Certificate> of(String host, int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), (int) LIMIT.toMillis());
      socket.setSoTimeout((int) LIMIT.toMillis());
      if ((flagsOfGreeting(new DataInputStream(socket.getInputStream())) & CLIENT_SSL) == 0) {
        return Optional.empty();
      }
      socket.getOutputStream().write(tlsRequest());
      try (SSLSocket tls =
          (SSLSocket) trustingAll().getSocketFactory().createSocket(socket, host, port, true)) {
        tls.startHandshake();
        return tls.getSession().getPeerCertificates()[0] instanceof X509Certificate shown
            ? Optional.of(shown)
            : Optional.empty();
      }
    }
  }

  /// The lower half of what the server can do; after the protocol's version, the server's own,
  /// which ends in a NUL, the connection's number, eight bytes of salt, and a NUL.
  private static int flagsOfGreeting(DataInputStream in) throws IOException {
    byte[] header = in.readNBytes(HEADER);
    int length = header.length < HEADER ? 0 : (header[0] & 0xFF) | (header[1] & 0xFF) << 8;
    byte[] greeting = in.readNBytes(Math.min(length, LONGEST_GREETING));
    int end = 1;
    while (end < greeting.length && greeting[end] != 0) {
      end++;
    }
    int flags = end + 1 + 4 + 8 + 1;
    if (flags + 2 > greeting.length) {
      throw new IOException("mysqld did not greet");
    }
    return (greeting[flags] & 0xFF) | (greeting[flags + 1] & 0xFF) << 8;
  }

  private static byte[] tlsRequest() {
    return ByteBuffer.allocate(HEADER + TLS_REQUEST)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(TLS_REQUEST | 1 << 24)
        .putInt(CLIENT_SSL | CLIENT_PROTOCOL_41 | CLIENT_SECURE_CONNECTION)
        .putInt(PACKET_SIZE)
        .put(UTF8MB4)
        .array();
  }

  /// Nothing is told to the server, and what it shows is compared, not believed.
  private static SSLContext trustingAll() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new All()}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException failure) {
      throw new IOException("no TLS in this Java", failure);
    }
  }

  private static final class All extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
