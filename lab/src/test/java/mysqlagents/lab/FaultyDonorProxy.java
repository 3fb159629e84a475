package mysqlagents.lab;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import mysqlagents.tls.PodTls;

/// Stands between a recipient and its donor and damages backups on their way, as told; everything
/// else passes unchanged.
///
/// It fetches the whole backup first, so that it can aim. It has the set's certificate, for only
/// then does anybody listen to it: a donor that is one of the set's and yet sends nonsense.
final class FaultyDonorProxy implements AutoCloseable {
  private static final byte[] MAGIC = "XBSTCK01".getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket listener;
  private final SocketFactory sockets;
  private final InetSocketAddress donor;
  private final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final AtomicInteger applied = new AtomicInteger();

  /// What happens to one backup.
  ///
  /// @param place where in it
  /// @param damage what
  record Fault(Place place, Damage damage) {}

  /// Says which byte of a backup is hit.
  @FunctionalInterface
  interface Place {
    /// @param chunks where the stream's chunks begin
    int in(byte[] stream, List<Integer> chunks);
  }

  /// Before the chunk that comes after `share` of all chunks; 1 is before the last.
  static Place chunk(double share) {
    return (_, chunks) -> chunks.get((int) Math.round(share * (chunks.size() - 1)));
  }

  /// Before the first chunk of a member.
  static Place member(String name) {
    return (stream, chunks) ->
        chunks.stream()
            .filter(start -> memberOf(stream, start).equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no member " + name));
  }

  /// A byte after `share` of all bytes.
  static Place share(double share) {
    return (stream, _) -> (int) (share * (stream.length - 1));
  }

  enum Damage {
    /// The body ends there, as if that were all.
    CLEAN_END,
    /// The connection ends there.
    CUT,
    /// One bit of that byte is the other way round.
    FLIPPED_BIT
  }

  FaultyDonorProxy(PodTls tls, InetSocketAddress address, InetSocketAddress donor)
      throws IOException {
    this.donor = donor;
    SSLContext context = tls.context();
    sockets = context.getSocketFactory();
    SSLServerSocket secured =
        (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
    secured.setSSLParameters(tls.serverParameters());
    secured.bind(address);
    listener = secured;
    Thread.ofVirtual().start(this::accept);
  }

  /// Damages the next backup.
  void next(Fault fault) {
    faults.add(fault);
  }

  /// How many backups were damaged.
  int applied() {
    return applied.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = sockets.createSocket()) {
      server.connect(donor);
      String request = head(client.getInputStream());
      server.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      Fault fault = request.startsWith("GET /backup ") ? faults.poll() : null;
      if (fault == null) {
        server.getInputStream().transferTo(client.getOutputStream());
        return;
      }
      damage(fault, server.getInputStream(), client.getOutputStream());
    } catch (IOException _) {
      // Either side is gone, which the other one sees.
    }
  }

  private void damage(Fault fault, InputStream from, OutputStream to) throws IOException {
    String head = head(from);
    if (!head.startsWith("HTTP/1.1 200")) {
      // First, for the next attempt may come at once.
      faults.add(fault);
      to.write(head.getBytes(StandardCharsets.ISO_8859_1));
      from.transferTo(to);
      return;
    }
    byte[] stream = body(from);
    int place = fault.place.in(stream, chunks(stream));
    applied.incrementAndGet();
    to.write(head.getBytes(StandardCharsets.ISO_8859_1));
    switch (fault.damage) {
      case CLEAN_END -> {
        send(to, stream, place);
        to.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      }
      case CUT -> send(to, stream, place);
      case FLIPPED_BIT -> {
        stream[place] ^= 4;
        send(to, stream, stream.length);
        to.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    to.flush();
  }

  private static void send(OutputStream to, byte[] stream, int length) throws IOException {
    if (length > 0) {
      to.write("%x\r\n".formatted(length).getBytes(StandardCharsets.ISO_8859_1));
      to.write(stream, 0, length);
      to.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private static List<Integer> chunks(byte[] stream) {
    List<Integer> starts = new ArrayList<>();
    for (int i = 0; i + MAGIC.length <= stream.length; i++) {
      if (stream[i] == 'X'
          && java.util.Arrays.equals(stream, i, i + MAGIC.length, MAGIC, 0, MAGIC.length)) {
        starts.add(i);
      }
    }
    return starts;
  }

  /// Magic, flags, type and the name's length come before the name.
  private static String memberOf(byte[] stream, int start) {
    int length = (stream[start + 10] & 0xFF) | (stream[start + 11] & 0xFF) << 8;
    return new String(stream, start + 14, length, StandardCharsets.UTF_8);
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) byteOf(in));
    }
    return head.toString();
  }

  /// Takes a chunked body apart.
  private static byte[] body(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      StringBuilder size = new StringBuilder();
      while (size.indexOf("\r\n") < 0) {
        size.append((char) byteOf(in));
      }
      int length = Integer.parseInt(size.toString().strip(), 16);
      body.write(in.readNBytes(length));
      in.readNBytes(2);
      if (length == 0) {
        return body.toByteArray();
      }
    }
  }

  private static int byteOf(InputStream in) throws IOException {
    int value = in.read();
    if (value < 0) {
      throw new EOFException();
    }
    return value;
  }
}
