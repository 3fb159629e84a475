package mysqlagents.wire.client;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import mysqlagents.tls.PodTls;
import mysqlagents.tls.TlsException;

/// One connection for one request. Closing it in the middle of an answer tells the donor that
/// nobody wants the rest.
public final class HttpConnection implements Closeable {
  /// How long one address may take to accept. Within a cluster it is milliseconds; a machine that
  /// is gone never does.
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  /// What a TLS server answers to anything else begins with this.
  private static final int TLS_ALERT = 21;

  private final ByteChannel channel;
  private final Inbound in;
  private final String authority;

  private HttpConnection(ByteChannel channel, String authority) {
    this.channel = channel;
    this.in = new Inbound(channel);
    this.authority = authority;
  }

  /// Connects to the first of the host's addresses that accepts.
  ///
  /// @param stallLimit how long the server may leave us without a byte
  /// @param tls empty for a connection in the clear
  /// @throws UnknownHostException if the name does not resolve (now)
  /// @throws ConnectException if no address accepts
  /// @throws TlsException if the server does not prove to be `host`, or does not believe us
  public static HttpConnection open(
      String host, int port, Duration stallLimit, Optional<PodTls> tls) throws IOException {
    IOException failure = new ConnectException("no address");
    for (InetAddress address : addresses(host)) {
      try {
        return open(new InetSocketAddress(address, port), host, host, stallLimit, tls);
      } catch (IOException next) {
        failure = next;
      }
    }
    throw failure;
  }

  /// @param name that the server has to prove: the one that was resolved to get the address
  public static HttpConnection open(
      InetAddress address, String name, int port, Duration stallLimit, Optional<PodTls> tls)
      throws IOException {
    InetSocketAddress server = new InetSocketAddress(address, port);
    return open(server, address.getHostAddress(), name, stallLimit, tls);
  }

  private static HttpConnection open(
      InetSocketAddress address,
      String host,
      String name,
      Duration stallLimit,
      Optional<PodTls> tls)
      throws IOException {
    String authority =
        (host.contains(":") ? "[%s]:%d" : "%s:%d").formatted(host, address.getPort());
    TimedChannel socket;
    try {
      socket = TimedChannel.connect(address, CONNECT_LIMIT, stallLimit);
    } catch (ConnectException failure) {
      throw named(new ConnectException("%s: Connection refused".formatted(authority)), failure);
    }
    return new HttpConnection(
        tls.isPresent()
            ? TlsChannel.connect(socket, tls.get().clientEngine(name, address.getPort()))
            : socket,
        authority);
  }

  private static InetAddress[] addresses(String host) throws UnknownHostException {
    try {
      return InetAddress.getAllByName(host);
    } catch (UnknownHostException failure) {
      throw named(
          new UnknownHostException("the name %s does not resolve".formatted(host)), failure);
    }
  }

  private static <E extends IOException> E named(E clear, IOException cause) {
    clear.initCause(cause);
    return clear;
  }

  /// Sends a `GET` and reads the answer's head.
  public Response get(String path, Map<String, String> headers) throws IOException {
    StringBuilder request =
        new StringBuilder("GET %s HTTP/1.1\r\nHost: %s\r\n".formatted(path, authority));
    headers.forEach((name, value) -> request.append("%s: %s\r\n".formatted(name, value)));
    request.append("Connection: close\r\n\r\n");
    ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(request.toString());
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    if (in.first() == TLS_ALERT) {
      throw new HttpFormatException("it is TLS, and this pod runs with TLS=off");
    }
    ResponseHead head = ResponseHead.read(in);
    return new Response(head, Body.of(head, in));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /// An answer whose body is still to be read.
  public static final class Response {
    private final ResponseHead head;
    private final Body body;

    private Response(ResponseHead head, Body body) {
      this.head = head;
      this.body = body;
    }

    public ResponseHead head() {
      return head;
    }

    /// The content, decompressed if it came compressed. Closing it frees memory, not the
    /// connection.
    public ReadableByteChannel content() throws IOException {
      String encoding = head.header("Content-Encoding").orElse("identity");
      return switch (encoding) {
        case "identity" -> body;
        case "zstd" -> new ZstdBody(body);
        default -> throw new HttpFormatException("content encoding '%s'".formatted(encoding));
      };
    }

    /// All of a small body.
    ///
    /// @param most in bytes; a larger one is refused
    public String text(int most) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(most + 1);
      while (bytes.hasRemaining() && body.read(bytes) >= 0) {
        // read() says how much; the buffer knows it too
      }
      if (!body.isEnded() && !bytes.hasRemaining()) {
        throw new HttpFormatException("more than %d bytes of text".formatted(most));
      }
      return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }
  }
}
