package mysqlagents.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// What the Service `mysql-read` is in a cluster: one address whose connections go to the ready
/// pods in turn.
public final class ReadEndpoint implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket();
  private final Supplier<List<InetSocketAddress>> ready;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private int turn;

  /// @param ready where connections may go at this moment
  public ReadEndpoint(InetSocketAddress address, Supplier<List<InetSocketAddress>> ready)
      throws IOException {
    this.ready = ready;
    listener.bind(address);
    Thread.ofVirtual().start(this::accept);
  }

  /// Where it listens; of interest where it was to choose a free port itself.
  int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException _) {
      // Closed: nothing more to accept.
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket()) {
      open.add(server);
      server.connect(next());
      Thread back = Thread.ofVirtual().start(() -> pump(server, client));
      pump(client, server);
      back.join();
    } catch (IOException _) {
      // The client sees its connection closed, as with a Service that has no endpoint.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
      open.removeIf(Socket::isClosed);
    }
  }

  private synchronized InetSocketAddress next() throws IOException {
    List<InetSocketAddress> targets = ready.get();
    if (targets.isEmpty()) {
      throw new IOException("no pod is ready");
    }
    return targets.get(Math.floorMod(turn++, targets.size()));
  }

  private static void pump(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
      to.shutdownOutput();
    } catch (IOException _) {
      // One side is gone; the other learns it below.
      close(from);
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It was going anyway.
    }
  }
}
