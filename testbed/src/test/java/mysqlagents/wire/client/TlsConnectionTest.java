package mysqlagents.wire.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import mysqlagents.main.AgentFailure;
import mysqlagents.testbed.CertificateAuthority;
import mysqlagents.testbed.CertificateAuthority.Request;
import mysqlagents.testbed.ChildProcess;
import mysqlagents.tls.AllowedSubjects;
import mysqlagents.tls.PodTls;
import mysqlagents.tls.TlsException;
import mysqlagents.tls.TlsSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// [HttpConnection] over TLS, against a server that does exactly as it is told.
@Timeout(60)
final class TlsConnectionTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private static Path root;
  private static Optional<PodTls> tls = Optional.empty();

  private final CountDownLatch hold = new CountDownLatch(1);
  private ServerSocket server = newServer();

  /// What a server does with a connection.
  @FunctionalInterface
  private interface Script {
    void serve(Socket connection) throws IOException, InterruptedException;
  }

  @BeforeAll
  static void issue() throws IOException, AgentFailure {
    CertificateAuthority.create(root.resolve("authority"), "set")
        .issue(Request.of("/CN=pod", "127.0.0.1", "mysql"), root.resolve("pod"));
    tls = Optional.of(PodTls.load(new TlsSettings(root.resolve("pod"), AllowedSubjects.ANY)));
  }

  private static ServerSocket newServer() {
    try {
      return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  @AfterEach
  void close() throws IOException {
    hold.countDown();
    server.close();
  }

  private void serve(Script script) {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (!server.isClosed()) {
            try (Socket connection = server.accept()) {
              script.serve(connection);
            } catch (IOException | InterruptedException _) {
              // The client is gone, or the test is over.
            }
          }
        });
  }

  private static SSLSocket secured(Socket connection, String... versions) throws IOException {
    PodTls own = tls.orElseThrow();
    SSLSocket socket =
        (SSLSocket) own.context().getSocketFactory().createSocket(connection, null, true);
    socket.setUseClientMode(false);
    SSLParameters parameters = own.serverParameters();
    if (versions.length > 0) {
      parameters.setProtocols(versions);
    }
    socket.setSSLParameters(parameters);
    return socket;
  }

  private static Script answering(byte[] answer, String... versions) {
    return connection -> {
      try (SSLSocket socket = secured(connection, versions)) {
        readRequest(socket);
        socket.getOutputStream().write(answer);
      }
    };
  }

  private static void readRequest(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.append((char) next);
    }
  }

  private HttpConnection open(Duration stallLimit) throws IOException {
    return HttpConnection.open("127.0.0.1", server.getLocalPort(), stallLimit, tls);
  }

  private byte[] fetch(int bufferLength) throws IOException {
    try (HttpConnection connection = open(LIMIT);
        ReadableByteChannel content = connection.get("/x", Map.of()).content()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      ByteBuffer buffer = ByteBuffer.allocateDirect(bufferLength);
      while (content.read(buffer) >= 0) {
        byte[] part = new byte[buffer.flip().remaining()];
        buffer.get(part);
        all.write(part);
        buffer.clear();
      }
      return all.toByteArray();
    }
  }

  private static byte[] chunked(byte[] content, int chunk) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(ISO_8859_1));
    for (int from = 0; from < content.length; from += chunk) {
      int length = Math.min(chunk, content.length - from);
      out.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1));
      out.write(content, from, length);
      out.writeBytes("\r\n".getBytes(ISO_8859_1));
    }
    out.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
    return out.toByteArray();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @CsvSource({
    "77, 3000, 3",
    "4096, 1000000, 1000000",
    "65536, 3000000, 20000",
    "131072, 6000000, 1048576",
    "1048576, 6000000, 131072",
  })
  void bringsTheBytesWhateverTheSizes(int chunk, int length, int buffer) throws Exception {
    byte[] content = random(length);
    serve(answering(chunked(content, chunk)));
    assertThat(fetch(buffer)).isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void speaksBothVersions(String version) throws Exception {
    byte[] content = random(200_000);
    serve(answering(chunked(content, 65_536), version));
    assertThat(fetch(65_536)).isEqualTo(content);
  }

  /// As a server that was last updated in 2018 would have it.
  @Test
  void speaksNoOlderVersion() throws Exception {
    int port = server.getLocalPort();
    server.close();
    List<String> command =
        List.of(
            "openssl",
            "s_server",
            "-www",
            "-accept",
            "127.0.0.1:" + port,
            "-tls1_1",
            "-cipher",
            "ALL:@SECLEVEL=0",
            "-cert",
            root + "/pod/tls.crt",
            "-key",
            root + "/pod/tls.key");
    try (ChildProcess old = ChildProcess.start(command, Map.of(), root.resolve("s_server.log"))) {
      while (!old.logTail(5).contains("ACCEPT")) {
        Thread.sleep(20);
      }
      assertThatThrownBy(() -> HttpConnection.open("127.0.0.1", port, LIMIT, tls))
          .isInstanceOf(TlsException.class)
          .hasMessageStartingWith(
              "it has no version of TLS in common with this pod, which speaks 1.3 and 1.2");
    }
  }

  /// The heart of it: no cut is ever an end, whether TLS was ended in its own words or not.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCutAtAnyByteIsAnError(boolean inItsOwnWords) throws Exception {
    byte[] whole = chunked(random(60), 29);
    int[] length = {whole.length};
    serve(connection -> {
      SSLSocket socket = secured(connection);
      readRequest(socket);
      OutputStream out = socket.getOutputStream();
      out.write(Arrays.copyOf(whole, length[0]));
      if (inItsOwnWords) {
        socket.close();
      } else {
        connection.close();
      }
    });
    assertThat(fetch(1000)).hasSize(60);
    for (length[0] = 0; length[0] < whole.length; length[0]++) {
      assertThatThrownBy(() -> fetch(1000))
          .as("cut at %d", length[0])
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void anAddressOfTheServiceHasToProveTheServicesName() throws Exception {
    byte[] content = random(10);
    serve(answering(chunked(content, 10)));
    InetAddress address = InetAddress.ofLiteral("127.0.0.1");
    int port = server.getLocalPort();
    try (HttpConnection connection = HttpConnection.open(address, "mysql", port, LIMIT, tls)) {
      assertThat(connection.get("/", Map.of()).head().status()).isEqualTo(200);
    }
    assertThatThrownBy(() -> HttpConnection.open(address, "shop", port, LIMIT, tls))
        .isInstanceOf(TlsException.class)
        .hasMessage(
            "its certificate CN=pod is good for 127.0.0.1, mysql and not for shop, the name that was asked for");
  }

  @Test
  void aServerThatIsSilentInTheHandshakeIsGivenUp() {
    serve(_ -> hold.await());
    long start = System.nanoTime();
    assertThatThrownBy(() -> open(Duration.ofSeconds(1)))
        .isInstanceOf(TlsException.class)
        .hasMessage(
            "it does not answer in TLS (nothing has been received for 1 s): does it run with TLS=off?");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(10));
  }

  @Test
  void aServerThatFallsSilentLaterIsGivenUp() throws Exception {
    byte[] part = Arrays.copyOf(chunked(random(1000), 100), 500);
    serve(connection -> {
      SSLSocket socket = secured(connection);
      readRequest(socket);
      socket.getOutputStream().write(part);
      hold.await();
    });
    // Long enough for the handshake.
    try (HttpConnection connection = open(Duration.ofSeconds(5))) {
      ReadableByteChannel content = connection.get("/", Map.of()).content();
      assertThatThrownBy(
              () -> {
                ByteBuffer buffer = ByteBuffer.allocate(1000);
                while (content.read(buffer) >= 0) {
                  buffer.clear();
                }
              })
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessage("nothing has been received for 5 s");
    }
  }

  @Test
  void aServerThatIsSilentBeforeItsAnswerIsNotBlamedOnCertificates() throws Exception {
    serve(connection -> {
      readRequest(secured(connection));
      hold.await();
    });
    // Long enough for the handshake.
    try (HttpConnection connection = open(Duration.ofSeconds(5))) {
      assertThatThrownBy(() -> connection.get("/", Map.of()))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n"})
  void aServerThatSpeaksSomethingElseIsTold(String words) {
    serve(connection -> {
      connection.getOutputStream().write(words.getBytes(ISO_8859_1));
      hold.await();
    });
    assertThatThrownBy(() -> open(LIMIT))
        .isInstanceOf(TlsException.class)
        .hasMessage("it does not speak TLS: does it run with TLS=off?");
  }

  @Test
  void aServerThatHangsUpInTheHandshakeIsTold() {
    serve(connection -> connection.getInputStream().read(new byte[5000]));
    assertThatThrownBy(() -> open(LIMIT))
        .isInstanceOf(TlsException.class)
        .hasMessage("it closed the connection during the TLS handshake: does it run with TLS=off?");
  }

  @Test
  void anInterruptEndsTheHandshake() {
    serve(_ -> hold.await());
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> open(LIMIT)).isInstanceOf(ClosedByInterruptException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  /// Whoever closes in the middle of an answer tells the server so.
  @Test
  void closingEndsTlsInItsOwnWords() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    serve(connection -> {
      SSLSocket socket = secured(connection);
      readRequest(socket);
      socket.getOutputStream().write(chunked(random(10), 10));
      if (socket.getInputStream().read() < 0) {
        ended.countDown();
      }
    });
    try (HttpConnection connection = open(LIMIT)) {
      assertThat(connection.get("/", Map.of()).head().status()).isEqualTo(200);
    }
    ended.await();
  }
}
