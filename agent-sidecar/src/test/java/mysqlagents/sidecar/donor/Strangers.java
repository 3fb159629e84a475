package mysqlagents.sidecar.donor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Clients that want nothing, or no good. All of them leave when this is closed.
final class Strangers implements AutoCloseable {
  private static final int CONNECT_MILLIS = 5_000;

  private final InetSocketAddress port;
  private final InetAddress from;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
  private final AtomicInteger thrownOut = new AtomicInteger();
  private volatile boolean closed;

  /// From another pod than the test's own, which is at 127.0.0.1.
  Strangers(int port) {
    this(port, "127.0.0.9");
  }

  /// @param from the address that they come from
  Strangers(int port, String from) {
    this.port = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try {
      this.from = InetAddress.getByName(from);
    } catch (IOException notAnAddress) {
      throw new IllegalArgumentException(from, notAnAddress);
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    sockets.add(socket);
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(port, CONNECT_MILLIS);
    return socket;
  }

  /// Connects, and says nothing.
  void connect(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      connect();
    }
  }

  /// Keeps `count` connections, each of which is opened again as soon as it ends.
  void comeBackForever(int count) {
    for (int i = 0; i < count; i++) {
      start(() -> {
        while (!closed) {
          try (Socket socket = connect()) {
            awaitEnd(socket);
          } finally {
            sockets.removeIf(Socket::isClosed);
          }
        }
      });
    }
  }

  /// Says something once, and reads nothing.
  void say(String text) throws IOException {
    write(connect(), text);
  }

  /// Says `begin`, and then a byte every now and then.
  void trickle(String begin, Duration pause) throws IOException {
    Socket socket = connect();
    write(socket, begin);
    start(() -> {
      while (true) {
        write(socket, "x");
        Thread.sleep(pause);
      }
    });
    start(() -> awaitEnd(socket));
  }

  /// Says `begin`, and then as much as is taken.
  void pourForever(String begin) throws IOException {
    Socket socket = connect();
    write(socket, begin);
    String more = "x".repeat(65_536);
    start(() -> {
      while (true) {
        write(socket, more);
      }
    });
  }

  /// How many connections the other side has ended.
  int thrownOut() {
    return thrownOut.get();
  }

  private void awaitEnd(Socket socket) {
    try {
      while (socket.getInputStream().read() >= 0) {
        // what it says does not matter
      }
    } catch (IOException reset) {
      // an end, too
    }
    thrownOut.incrementAndGet();
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private void start(Work work) {
    threads.add(
        Thread.ofVirtual()
            .start(() -> {
              try {
                work.run();
              } catch (IOException | InterruptedException end) {
                // Thrown out, or called back.
              }
            }));
  }

  @Override
  public void close() throws IOException {
    closed = true;
    threads.forEach(Thread::interrupt);
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
