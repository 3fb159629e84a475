package mysqlagents.clone;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocket;
import mysqlagents.tls.PodTls;
import mysqlagents.wire.DonorStatus;
import mysqlagents.wire.Json;

/// Listens as pod `mysql-<ordinal>` and sends exactly the bytes that its script writes, then closes
/// the connection.
final class ScriptedDonor implements Closeable {
  /// Writes a whole answer, or as much of one as the test wants.
  @FunctionalInterface
  interface Script {
    void answer(String path, OutputStream out) throws IOException, InterruptedException;
  }

  private final Optional<PodTls> tls;
  private final ServerSocket server;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Thread acceptor;
  private volatile Script script;
  private volatile boolean cutsWithoutAWord;

  /// Without TLS.
  ///
  /// @param address of the loopback network; each ordinal has its own, the port is the same for all
  ScriptedDonor(String address, int port, Script script) throws IOException {
    this(address, port, Optional.empty(), script);
  }

  ScriptedDonor(String address, int port, Optional<PodTls> tls, Script script) throws IOException {
    this.tls = tls;
    this.server = new ServerSocket(port, 50, InetAddress.ofLiteral(address));
    this.script = script;
    this.acceptor = Thread.ofPlatform().daemon().start(this::serve);
  }

  /// A port that is free on the whole loopback network, for as much as can be known.
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return server.getLocalPort();
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        // The test is over.
      }
    }
  }

  private void serve(Socket connection) {
    try (connection;
        Socket socket = secured(connection)) {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = socket.getInputStream().read();
        if (next < 0) {
          return;
        }
        head.append((char) next);
      }
      requests.add(head.toString());
      Thread reader = tls.isPresent() ? discard(socket) : Thread.currentThread();
      script.answer(head.toString().split(" ", 3)[1], socket.getOutputStream());
      socket.getOutputStream().flush();
      if (cutsWithoutAWord) {
        connection.close();
      } else if (tls.isPresent()) {
        socket.shutdownOutput();
        reader.join();
      }
    } catch (IOException | InterruptedException _) {
      // The recipient is gone.
    }
  }

  /// TLS talks while a stream is sent, and what nobody has read makes a cut of an orderly end.
  private static Thread discard(Socket socket) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
          } catch (IOException _) {
            // The recipient is gone.
          }
        });
  }

  private Socket secured(Socket connection) throws IOException {
    if (tls.isEmpty()) {
      return connection;
    }
    SSLSocket socket =
        (SSLSocket) tls.get().context().getSocketFactory().createSocket(connection, null, true);
    socket.setUseClientMode(false);
    socket.setSSLParameters(tls.get().serverParameters());
    return socket;
  }

  /// From now on connections end without TLS's own end.
  void cutWithoutAWord() {
    cutsWithoutAWord = true;
  }

  void become(Script next) {
    script = next;
  }

  /// The heads of all requests so far.
  List<String> requests() {
    return requests;
  }

  long backupsAsked() {
    return requests.stream().filter(request -> request.startsWith("GET /backup ")).count();
  }

  /// For scripts that say nothing more until the test is over.
  void holdUntilClosed() throws InterruptedException {
    closed.await();
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    try {
      // Until its accept has returned, the port still takes connections.
      acceptor.join();
    } catch (InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  // ---- scripts

  /// Gives `stream` as a backup, cleanly ended.
  static Script giving(byte[] stream) {
    return giving(stream, Map.of());
  }

  static Script giving(byte[] stream, Map<String, String> otherHeaders) {
    return (path, out) -> {
      if (path.equals("/backup")) {
        writeHead(out, stream.length, otherHeaders);
        writeChunks(out, stream, 0, stream.length, 1 << 16);
        out.write("0\r\n\r\n".getBytes(ISO_8859_1));
      } else {
        answer(out, 404, "", "{}");
      }
    };
  }

  /// Begins like [#giving], then closes the connection after `length` bytes of stream.
  static Script cutting(byte[] stream, int length) {
    return (path, out) -> {
      if (path.equals("/backup")) {
        writeHead(out, stream.length, Map.of());
        writeChunks(out, stream, 0, length, 1 << 16);
      } else {
        answer(out, 404, "", "{}");
      }
    };
  }

  static Script saying(int status, String headers, String body) {
    return (_, out) -> answer(out, status, headers, body);
  }

  static Script status(String pod, boolean holdsData) {
    return saying(
        200,
        "",
        Json.write(
            new DonorStatus(
                1, pod, "replica", holdsData, false, null, null, null, null, null, 4096, "running",
                null)));
  }

  static void writeHead(OutputStream out, long size, Map<String, String> otherHeaders)
      throws IOException {
    Map<String, String> headers =
        new java.util.LinkedHashMap<>(
            Map.of(
                "Transfer-Encoding",
                "chunked",
                "Backup-Protocol",
                "1",
                "Backup-Id",
                TestBackup.ID,
                "Backup-Tool",
                "mariadb-backup",
                "Backup-Tool-Version",
                TestBackup.TOOL_VERSION,
                "Backup-Size",
                Long.toString(size)));
    headers.putAll(otherHeaders);
    StringBuilder head = new StringBuilder("HTTP/1.1 200 OK\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    out.write(head.append("\r\n").toString().getBytes(ISO_8859_1));
  }

  static void writeChunks(OutputStream out, byte[] bytes, int from, int to, int most)
      throws IOException {
    for (int at = from; at < to; at += most) {
      int length = Math.min(most, to - at);
      out.write((Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1));
      out.write(bytes, at, length);
      out.write("\r\n".getBytes(ISO_8859_1));
    }
  }

  private static void answer(OutputStream out, int status, String headers, String body)
      throws IOException {
    byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    out.write(
        "HTTP/1.1 %d x\r\nContent-Length: %d\r\n%s\r\n"
            .formatted(status, bytes.length, headers)
            .getBytes(ISO_8859_1));
    out.write(bytes);
  }
}
