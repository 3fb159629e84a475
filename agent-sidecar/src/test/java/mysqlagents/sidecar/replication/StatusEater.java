package mysqlagents.sidecar.replication;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import mysqlagents.sidecar.replication.ReplicationState.Unknown;
import mysqlagents.testbed.MariaDbServer;

/// Stands before a server and loses each question for the status of replication on its way, so that
/// the server knows of none; everything else goes through.
final class StatusEater implements AutoCloseable {
  private static final int PIECE = 16_384;

  private final MariaDbServer mysqld;
  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<ReplicationState> found = new CopyOnWriteArrayList<>();
  private volatile Supplier<ReplicationState> finding = () -> new Unknown("nobody asks");
  private volatile boolean hungry;

  private StatusEater(MariaDbServer mysqld) throws IOException {
    this.mysqld = mysqld;
  }

  static StatusEater before(MariaDbServer mysqld) throws IOException {
    StatusEater eater = new StatusEater(mysqld);
    Thread.ofVirtual().start(eater::accept);
    return eater;
  }

  String address() {
    return socket.getInetAddress().getHostAddress();
  }

  int port() {
    return socket.getLocalPort();
  }

  /// Begins to eat.
  ///
  /// @param asker who asks from here on
  void eatFrom(ReplicationSupervisor asker) {
    finding = asker::state;
    hungry = true;
  }

  void stopEating() {
    hungry = false;
  }

  /// For each question in vain, what the one who asked had found until then.
  List<ReplicationState> foundAtEach() {
    return List.copyOf(found);
  }

  private void accept() {
    while (true) {
      try {
        Socket client = socket.accept();
        Socket server = new Socket(mysqld.address(), mysqld.port());
        Thread.ofVirtual().start(() -> pass(client, server));
        Thread.ofVirtual().start(() -> pass(server, client));
      } catch (IOException _) {
        // Closed.
        return;
      }
    }
  }

  private void pass(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] piece = new byte[PIECE];
      for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
        String text = new String(piece, 0, length, StandardCharsets.ISO_8859_1);
        if (hungry && text.contains("SLAVES STATUS")) {
          found.add(finding.get());
        } else {
          out.write(piece, 0, length);
        }
      }
    } catch (IOException _) {
      // One side has closed the connection.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
