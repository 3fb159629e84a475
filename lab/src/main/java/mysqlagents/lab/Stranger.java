package mysqlagents.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import mysqlagents.tls.AnyPeer;
import mysqlagents.wire.BackupProtocol;

/// Somebody who reaches a pod's port 3307 and has no certificate of the set's; asks for a backup.
record Stranger(String address) {
  private static final int LIMIT_MILLIS = 10_000;

  /// The first byte of the record that ends a TLS connection in anger (RFC 8446, 5.1).
  private static final int TLS_ALERT = 21;

  private static final String REQUEST =
      "GET %s HTTP/1.1\r\nHost: mysql\r\n%s: %d\r\nConnection: close\r\n\r\n"
          .formatted(
              BackupProtocol.BACKUP_PATH, BackupProtocol.VERSION_HEADER, BackupProtocol.VERSION);

  /// @return the first line of the answer, or why there is none
  String askOverTls() throws IOException {
    try (Socket plain = connect();
        SSLSocket socket =
            (SSLSocket)
                AnyPeer.context()
                    .getSocketFactory()
                    .createSocket(plain, address, PodTemplate.BACKUP_PORT, true)) {
      return ask(socket);
    }
  }

  /// @return the first line of the answer, or why there is none
  String askInTheClear() throws IOException {
    try (Socket socket = connect()) {
      return ask(socket);
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(address, PodTemplate.BACKUP_PORT), LIMIT_MILLIS);
    socket.setSoTimeout(LIMIT_MILLIS);
    return socket;
  }

  private static String ask(Socket socket) throws IOException {
    try {
      socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
      return read(socket.getInputStream().readNBytes(200));
    } catch (SSLException refused) {
      return String.valueOf(refused.getMessage());
    } catch (SocketException reset) {
      return "the connection was closed without an answer: " + reset.getMessage();
    }
  }

  private static String read(byte[] answer) {
    if (answer.length == 0) {
      return "the connection was closed without an answer";
    }
    return answer[0] == TLS_ALERT
        ? "no HTTP comes back, but a TLS alert: this port speaks nothing but TLS"
        : new String(answer, StandardCharsets.ISO_8859_1).lines().findFirst().orElse("");
  }
}
