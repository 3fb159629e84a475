package mysqlagents.sidecar.replication;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import mysqlagents.testbed.LoopbackNet;
import mysqlagents.testbed.MariaDbServer;

/// A way to a primary that lets replicas log in, and then keeps from them whatever the primary has
/// sent since they asked for its binary log: as if it were looking through a long log for the
/// place.
final class SearchingPrimary implements AutoCloseable {
  /// COM_BINLOG_DUMP, the first byte of the first packet of a command.
  private static final int BINLOG_DUMP = 0x12;

  private final LoopbackNet net = LoopbackNet.reserve();
  private final MariaDbServer primary;
  private final ServerSocket listener;
  private final List<Socket> sockets = new ArrayList<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch found = new CountDownLatch(1);

  SearchingPrimary(MariaDbServer primary) throws IOException {
    this.primary = primary;
    listener = new ServerSocket(primary.port(), 5, InetAddress.getByName(net.pod(0)));
    Thread.startVirtualThread(this::accept);
  }

  /// As [LoopbackNet#podTemplate()], on the primary's port.
  String template() {
    return net.podTemplate();
  }

  boolean isAsked() {
    return asked.getCount() == 0;
  }

  void find() {
    found.countDown();
  }

  private void accept() {
    try {
      while (true) {
        Socket replica = kept(listener.accept());
        Socket server = kept(new Socket(primary.address(), primary.port()));
        Thread.startVirtualThread(() -> forward(replica, server, true));
        Thread.startVirtualThread(() -> forward(server, replica, false));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private synchronized Socket kept(Socket socket) {
    sockets.add(socket);
    return socket;
  }

  private void forward(Socket from, Socket to, boolean fromReplica) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      while (true) {
        byte[] packet = packet(in);
        if (fromReplica && packet[3] == 0 && packet[4] == BINLOG_DUMP) {
          asked.countDown();
        }
        if (!fromReplica && isAsked()) {
          found.await();
        }
        out.write(packet);
      }
    } catch (IOException | InterruptedException _) {
      // One side has gone; so does the other.
    }
  }

  /// With its header: three bytes of length, the lowest first, and a number.
  private static byte[] packet(InputStream in) throws IOException {
    byte[] header = in.readNBytes(4);
    if (header.length < 4) {
      throw new IOException("ended");
    }
    int length = (header[0] & 0xff) | (header[1] & 0xff) << 8 | (header[2] & 0xff) << 16;
    byte[] packet = Arrays.copyOf(header, 4 + length);
    if (in.readNBytes(packet, 4, length) < length) {
      throw new IOException("ended within a packet");
    }
    return packet;
  }

  @Override
  public synchronized void close() throws IOException {
    find();
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    net.close();
  }
}
