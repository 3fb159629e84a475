package mysqlagents.wire.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a server that sends exactly the bytes that it is told to send.
@Timeout(60)
final class HttpConnectionTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private ServerSocket server = newServer();
  private volatile byte[] answer = new byte[0];
  private volatile int pieceLength = Integer.MAX_VALUE;
  private volatile String request = "";
  private final CountDownLatch hold = new CountDownLatch(1);
  private volatile boolean holding;
  private Thread acceptor = new Thread();

  private static ServerSocket newServer() {
    try {
      return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  @BeforeEach
  void serve() {
    acceptor =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                  answer(socket);
                } catch (IOException | InterruptedException _) {
                  // The client is gone, or the test is over.
                }
              }
            });
  }

  private void answer(Socket socket) throws IOException, InterruptedException {
    socket.setTcpNoDelay(true);
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        return;
      }
      head.append((char) next);
    }
    request = head.toString();
    byte[] bytes = answer;
    for (int from = 0; from < bytes.length; from += pieceLength) {
      int length = Math.min(pieceLength, bytes.length - from);
      socket.getOutputStream().write(bytes, from, length);
      if (pieceLength == Integer.MAX_VALUE) {
        break;
      }
    }
    if (holding) {
      hold.await();
    }
  }

  @AfterEach
  void close() throws IOException {
    hold.countDown();
    server.close();
  }

  private HttpConnection open(Duration stallLimit) throws IOException {
    return HttpConnection.open("127.0.0.1", server.getLocalPort(), stallLimit, Optional.empty());
  }

  private byte[] fetch(byte[] bytes) throws IOException {
    answer = bytes;
    try (HttpConnection connection = open(LIMIT)) {
      HttpConnection.Response response = connection.get("/x", Map.of("A", "b"));
      try (ReadableByteChannel content = response.content()) {
        return readAll(content, 1 << 20);
      }
    }
  }

  private static byte[] readAll(ReadableByteChannel content, int bufferLength) throws IOException {
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

  private static byte[] chunked(String headers, byte[] content, int chunk) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + headers + "\r\n")
            .getBytes(ISO_8859_1));
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

  private static byte[] text(String text) {
    return text.replace("|", "\r\n").getBytes(ISO_8859_1);
  }

  @Test
  void saysWhatHttpAsksForAndWhatItIsGiven() throws Exception {
    fetch(text("HTTP/1.1 200 OK|Content-Length: 0||"));
    assertThat(request)
        .isEqualTo(
            "GET /x HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nA: b\r\nConnection: close\r\n\r\n",
            server.getLocalPort());
  }

  @ParameterizedTest
  @CsvSource({"1, 500", "7, 3000", "4096, 1000000", "65536, 3000000", "1048576, 3000000"})
  void joinsChunksOfAnySize(int chunk, int length) throws Exception {
    byte[] content = random(length);
    assertThat(fetch(chunked("", content, chunk))).isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000})
  void doesNotCareHowTheNetworkCutsTheBytes(int piece) throws Exception {
    pieceLength = piece;
    byte[] content = random(2000);
    assertThat(fetch(chunked("", content, 77))).isEqualTo(content);
  }

  @Test
  void fillsSmallTargetsToo() throws Exception {
    byte[] content = random(5000);
    answer = chunked("", content, 999);
    try (HttpConnection connection = open(LIMIT)) {
      assertThat(readAll(connection.get("/", Map.of()).content(), 3)).isEqualTo(content);
    }
  }

  @Test
  void readsABodyOfKnownLengthAndNothingBeyondIt() throws Exception {
    assertThat(fetch(text("HTTP/1.1 200 OK|content-length: 3||abcdef")))
        .asString()
        .isEqualTo("abc");
  }

  @Test
  void acceptsExtensionsTrailersAndOldLineEnds() throws Exception {
    assertThat(
            fetch(
                text("HTTP/1.0 200 fine|transfer-encoding: Chunked||3;why=not|abc|0|X: y|Z: a||")))
        .asString()
        .isEqualTo("abc");
    assertThat(fetch("HTTP/1.1 200\nContent-Length: 1\n\nx".getBytes(ISO_8859_1)))
        .asString()
        .isEqualTo("x");
  }

  /// The heart of it: no cut is ever an end.
  @Test
  void aCutAtAnyByteIsAnError() throws Exception {
    byte[] whole = chunked("Backup-Id: x\r\n", random(300), 97);
    assertThat(fetch(whole)).hasSize(300);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> fetch(part))
          .as("cut at %d", length)
          .isInstanceOf(EOFException.class);
    }
  }

  @Test
  void aCutInABodyOfKnownLengthIsAnError() {
    assertThatThrownBy(() -> fetch(text("HTTP/1.1 200 OK|Content-Length: 9||abcdef")))
        .isInstanceOf(EOFException.class)
        .hasMessage("the connection was cut in the middle of the answer");
  }

  @Test
  void decompressesZstdAndRefusesAFrameThatWasCut() throws Exception {
    byte[] content = "many times the same ".repeat(50_000).getBytes(UTF_8);
    byte[] frame = Zstd.compress(content);
    String header = "Content-Encoding: zstd\r\n";
    assertThat(fetch(chunked(header, frame, 40))).isEqualTo(content);
    for (int length : new int[] {1, frame.length / 2, frame.length - 1}) {
      byte[] part = Arrays.copyOf(frame, length);
      assertThatThrownBy(() -> fetch(chunked(header, part, 40)))
          .as("cut at %d", length)
          .isInstanceOf(IOException.class);
    }
    byte[] cutByTheNetwork = Arrays.copyOf(chunked(header, frame, 40), 150);
    assertThatThrownBy(() -> fetch(cutByTheNetwork)).isInstanceOf(EOFException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "XBSTCK01\0P garbage|||",
        "SSH-2.0-OpenSSH_9.2||",
        "HTTP/2 200||",
        "HTTP/1.1 20||",
        "HTTP/1.1 100 Continue||",
        "HTTP/1.1 200 OK|no colon||",
        "HTTP/1.1 200 OK| folded: x||",
        "HTTP/1.1 200 OK|bad name: x||",
        "HTTP/1.1 200 OK||until the end",
        "HTTP/1.1 200 OK|Content-Length: -1||",
        "HTTP/1.1 200 OK|Content-Length: 99999999999999999999||",
        "HTTP/1.1 200 OK|Transfer-Encoding: gzip||",
        "HTTP/1.1 200 OK|Transfer-Encoding: gzip, chunked||",
        "HTTP/1.1 200 OK|Content-Encoding: br|Content-Length: 1||x",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||x|abc|0||",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||-3|abc|0||",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||FFFFFFFFFFFFFFFF|abc|0||",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked|||abc|0||",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|abc|0||",
      })
  void whatIsNotHttpIsRefusedInWords(String bytes) {
    assertThatThrownBy(() -> fetch(text(bytes)))
        .isInstanceOf(HttpFormatException.class)
        .hasMessageStartingWith("the answer is not HTTP/1.1 as it should be: ");
  }

  @Test
  void whatASenderOfSomethingElseSaidIsShownInPrint() {
    assertThatThrownBy(() -> fetch(text("\u0007\u0001XBSTCK01||")))
        .hasMessage("the answer is not HTTP/1.1 as it should be: it begins with '??XBSTCK01'");
  }

  @Test
  void endlessLinesAndHeadersAreCutShort() {
    String line = "a".repeat(100_000);
    assertThatThrownBy(() -> fetch(text(line))).hasMessageContaining("more than 4096 bytes");
    assertThatThrownBy(() -> fetch(text("HTTP/1.1 200 OK|X: " + line + "||")))
        .hasMessageContaining("more than 4096 bytes");
    assertThatThrownBy(() -> fetch(text("HTTP/1.1 200 OK|" + "X: y|".repeat(101) + "|")))
        .hasMessageContaining("more than 100 headers");
    assertThatThrownBy(
            () -> fetch(text("HTTP/1.1 200 OK|Transfer-Encoding: chunked||" + "1".repeat(9999))))
        .hasMessageContaining("more than 256 bytes");
    assertThatThrownBy(() ->
            fetch(text("HTTP/1.1 200 OK|Transfer-Encoding: chunked||0|" + "X: y|".repeat(99))))
        .hasMessageContaining("more than 10 trailers");
  }

  @Test
  void aTextHasALimit() throws Exception {
    answer = chunked("", "ä".repeat(50).getBytes(UTF_8), 9);
    try (HttpConnection connection = open(LIMIT)) {
      assertThat(connection.get("/", Map.of()).text(100)).isEqualTo("ä".repeat(50));
    }
    try (HttpConnection connection = open(LIMIT)) {
      HttpConnection.Response response = connection.get("/", Map.of());
      assertThatThrownBy(() -> response.text(99))
          .hasMessageContaining("more than 99 bytes of text");
    }
  }

  @Test
  void aServerThatFallsSilentIsGivenUp() throws Exception {
    holding = true;
    answer = Arrays.copyOf(chunked("", random(1000), 100), 500);
    long start = System.nanoTime();
    try (HttpConnection connection = open(Duration.ofSeconds(1))) {
      ReadableByteChannel content = connection.get("/", Map.of()).content();
      assertThatThrownBy(() -> readAll(content, 1000))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessage("nothing has been received for 1 s");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(10));
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    holding = true;
    answer = new byte[0];
    try (HttpConnection connection = open(LIMIT)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> connection.get("/", Map.of()))
          .isInstanceOf(ClosedByInterruptException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aRefusedConnectionIsNamed() throws Exception {
    int port = server.getLocalPort();
    server.close();
    acceptor.join(); // until its accept has returned, the port still takes connections
    assertThatThrownBy(() -> HttpConnection.open("127.0.0.1", port, LIMIT, Optional.empty()))
        .isInstanceOf(ConnectException.class)
        .hasMessage("127.0.0.1:%d: Connection refused", port);
    assertThatThrownBy(() ->
            HttpConnection.open(InetAddress.ofLiteral("::1"), "x", port, LIMIT, Optional.empty()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aNameThatDoesNotResolveIsNamed() {
    assertThatThrownBy(() -> HttpConnection.open("mysql-9.invalid", 1, LIMIT, Optional.empty()))
        .isInstanceOf(UnknownHostException.class)
        .hasMessage("the name mysql-9.invalid does not resolve");
  }
}
