package mysqlagents.sidecar.donor;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import javax.net.ssl.SSLException;

/// An HTTP client that hides nothing: what counts is which bytes came before the connection ended.
final class RawClient implements AutoCloseable {
  private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /// Nothing that is waited for here takes this long.
  private static final int LIMIT_MILLIS = 20_000;

  private final Socket socket;

  RawClient(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /// @param socket connected; it is closed with this
  RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(LIMIT_MILLIS);
  }

  static Answer get(int port, String path, String... headers) throws IOException {
    try (RawClient client = new RawClient(port)) {
      client.askFor(path, headers);
      return client.readAll();
    }
  }

  void askFor(String path, String... headers) throws IOException {
    String more = String.join("", Arrays.stream(headers).map(h -> h + "\r\n").toList());
    say("GET %s HTTP/1.1\r\nHost: donor\r\nConnection: close\r\n%s\r\n".formatted(path, more));
  }

  void say(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /// Reads `count` bytes of whatever comes.
  byte[] read(int count) throws IOException {
    return socket.getInputStream().readNBytes(count);
  }

  /// Reads until the connection ends, and forgets it.
  ///
  /// @return how many bytes came
  long drain() throws IOException {
    byte[] buffer = new byte[1 << 17];
    long count = 0;
    for (int length; (length = socket.getInputStream().read(buffer)) >= 0; ) {
      count += length;
    }
    return count;
  }

  /// Reads until the connection ends, in whichever way it does.
  Answer readAll() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[65536];
    try {
      for (int length; (length = in.read(buffer)) >= 0; ) {
        all.write(buffer, 0, length);
      }
    } catch (SocketException | SSLException reset) {
      // A reset is an end, too, and so is a missing goodbye of TLS.
    }
    return Answer.of(all.toByteArray());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /// What came, taken apart by hand.
  ///
  /// @param body without the chunks' framing where there was one
  /// @param isWhole whether the body had its end: the terminal chunk, or the announced length
  // Nobody compares answers.
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(String head, byte[] body, boolean isWhole) {
    static Answer of(byte[] bytes) throws IOException {
      int end = indexOf(bytes, HEAD_END);
      if (end < 0) {
        return new Answer(new String(bytes, StandardCharsets.ISO_8859_1), new byte[0], false);
      }
      String head = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
      byte[] rest = Arrays.copyOfRange(bytes, end + HEAD_END.length, bytes.length);
      if (head.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked")) {
        return dechunked(head, rest);
      }
      String length = header(head, "Content-Length");
      return new Answer(head, rest, Integer.toString(rest.length).equals(length));
    }

    private static Answer dechunked(String head, byte[] rest) throws IOException {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      ByteArrayInputStream in = new ByteArrayInputStream(rest);
      while (in.available() > 0) {
        String size = line(in);
        if (size.isEmpty()) {
          break;
        }
        int length = Integer.parseInt(size, 16);
        body.write(in.readNBytes(length));
        if (length == 0) {
          return new Answer(head, body.toByteArray(), line(in).isEmpty() && in.available() == 0);
        }
        line(in);
      }
      return new Answer(head, body.toByteArray(), false);
    }

    private static String line(InputStream in) throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c; (c = in.read()) >= 0 && c != '\n'; ) {
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    int status() {
      return head.isEmpty() ? 0 : Integer.parseInt(head.split(" ", 3)[1]);
    }

    /// The header's value; empty if there is none.
    String header(String name) {
      return header(head, name);
    }

    private static String header(String head, String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ":";
      return head.lines()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(line -> line.substring(prefix.length()).strip())
          .findFirst()
          .orElse("");
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
      for (int at = 0; at + wanted.length <= bytes.length; at++) {
        if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
          return at;
        }
      }
      return -1;
    }
  }
}
