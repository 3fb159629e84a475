package mysqlagents.testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// A network of loopback addresses, `127.a.b.0/24`, that no other test run or lab on this machine
/// uses at the same time.
///
/// Linux answers on all of 127.0.0.0/8 without any setting up.
public final class LoopbackNet implements AutoCloseable {
  /// A socket on this port of the network's first address says that the network is taken.
  private static final int RESERVATION_PORT = 3299;

  private static final int ATTEMPTS = 200;

  private final String prefix;
  private final ServerSocket reservation;

  private LoopbackNet(String prefix, ServerSocket reservation) {
    this.prefix = prefix;
    this.reservation = reservation;
  }

  /// Finds a free network and keeps it until closed.
  ///
  /// @param ports that must be free there, such as 3306; a server that listens on all addresses
  ///   takes its port in every network
  public static LoopbackNet reserve(int... ports) throws IOException {
    IOException last = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      // 127.0 is left to ordinary services, such as a local resolver on 127.0.0.53.
      String prefix = "127.%d.%d.".formatted(random.nextInt(1, 255), random.nextInt(1, 255));
      try {
        ServerSocket reservation = listen(prefix + "1", RESERVATION_PORT);
        try {
          requireFree(prefix, ports);
        } catch (IOException taken) {
          reservation.close();
          throw taken;
        }
        return new LoopbackNet(prefix, reservation);
      } catch (IOException taken) {
        last = taken;
      }
    }
    throw new IOException(
        "none of %d loopback networks is free; does a server listen on 0.0.0.0?"
            .formatted(ATTEMPTS),
        last);
  }

  /// `127.a.b.` and `last`.
  ///
  /// @param last from 2 to 254; 1 is the reservation's
  public String address(int last) {
    if (last < 2 || last > 254) {
      throw new IllegalArgumentException("%s%d is not for use".formatted(prefix, last));
    }
    return prefix + last;
  }

  /// A pod's address: 1 and its ordinal, so `127.a.b.10` for pod 0.
  ///
  /// @param ordinal from 0 to 99
  public String pod(int ordinal) {
    return address(Integer.parseInt("1" + ordinal));
  }

  /// A template of [#pod(int)], as the agents' `PEER_ADDRESS` has it.
  public String podTemplate() {
    return prefix + "1{ordinal}";
  }

  @Override
  public void close() throws IOException {
    reservation.close();
  }

  /// A port that nobody listens on now, below those that the system gives to outgoing connections.
  static int freePort(String address) throws IOException {
    IOException last = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try {
        listen(address, port).close();
        return port;
      } catch (IOException taken) {
        last = taken;
      }
    }
    throw new IOException("no free port on " + address, last);
  }

  private static void requireFree(String prefix, int... ports) throws IOException {
    for (int port : ports) {
      listen(prefix + "10", port).close();
    }
  }

  private static ServerSocket listen(String address, int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
    } catch (IOException taken) {
      socket.close();
      throw new IOException("%s:%d cannot be used".formatted(address, port), taken);
    }
    return socket;
  }
}
