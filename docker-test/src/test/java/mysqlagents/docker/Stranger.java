package mysqlagents.docker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import mysqlagents.main.AgentFailure;
import mysqlagents.tls.AllowedSubjects;
import mysqlagents.tls.AnyPeer;
import mysqlagents.tls.PodTls;
import mysqlagents.tls.TlsSettings;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.client.HttpConnection;

/// Somebody who reaches a pod's port for backups and wants the data.
///
/// @param host of the port
/// @param name that the pod proves, for those who ask
record Stranger(String host, int port, String name) {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final String REQUEST =
      "GET %s HTTP/1.1\r\nHost: mysql\r\n%s: %d\r\nConnection: close\r\n\r\n"
          .formatted(
              BackupProtocol.BACKUP_PATH, BackupProtocol.VERSION_HEADER, BackupProtocol.VERSION);

  static Stranger at(Pod pod) {
    String[] address = pod.address(Pod.BACKUPS).split(":", 2);
    return new Stranger(address[0], Integer.parseInt(address[1]), pod.name() + ".mysql");
  }

  /// What comes back, or why nothing does.
  String askInTheClear() throws IOException {
    try (Socket socket = connect()) {
      return ask(socket);
    }
  }

  /// What comes back, or why nothing does.
  String askWithoutACertificate() throws IOException {
    try (Socket plain = connect();
        SSLSocket socket =
            (SSLSocket)
                AnyPeer.context().getSocketFactory().createSocket(plain, host, port, true)) {
      return ask(socket);
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(host, port);
    socket.setSoTimeout((int) LIMIT.toMillis());
    return socket;
  }

  private static String ask(Socket socket) throws IOException {
    try {
      socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(200);
      return new String(answer, StandardCharsets.ISO_8859_1);
    } catch (SSLException | SocketException refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  /// The status of an answer to somebody who has a certificate.
  ///
  /// @param certificates a directory for `secrets`' certificate
  /// @param believed whose authority is believed
  /// @throws mysqlagents.tls.TlsException if the pod does not take it
  int askWith(Secrets secrets, Secrets believed, Path certificates)
      throws IOException, AgentFailure {
    Files.createDirectories(certificates);
    for (String file : new String[] {"tls.crt", "tls.key"}) {
      Files.write(certificates.resolve(file), secrets.file("tls/" + file));
    }
    Files.writeString(
        certificates.resolve("ca.crt"), secrets.text("tls/ca.crt") + believed.text("tls/ca.crt"));
    PodTls tls = PodTls.load(new TlsSettings(certificates, AllowedSubjects.ANY));
    try (HttpConnection connection =
        HttpConnection.open(InetAddress.getByName(host), name, port, LIMIT, Optional.of(tls))) {
      return connection.get(BackupProtocol.STATUS_PATH, Map.of()).head().status();
    }
  }
}
