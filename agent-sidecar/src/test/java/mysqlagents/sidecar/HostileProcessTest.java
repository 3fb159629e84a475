package mysqlagents.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a crowd costs the real process, with the memory that it is given.
class HostileProcessTest {
  private static final int CROWD = 2_000;

  @TempDir Path directory;

  @Test
  void twoThousandIdleConnectionsCostNeitherMemoryNorProbes() throws Exception {
    List<Socket> crowd = new ArrayList<>();
    try (SidecarProcess sidecar = new SidecarProcess(directory, Map.of("MYSQL_PORT", "1"))) {
      sidecar.awaitLog("does not answer");
      assertThat(sidecar.manage("/livez").statusCode()).isEqualTo(200);
      int lines = sidecar.log().lines().toList().size();
      long memory = resident(sidecar);
      for (int i = 0; i < CROWD; i++) {
        crowd.add(connect(i % 2 == 0 ? sidecar.backupPort : sidecar.managementPort));
      }

      assertThat(sidecar.manage("/livez").statusCode()).isEqualTo(200);
      assertThat(sidecar.manage("/metrics").body()).contains("mysql_agents_mysqld_up 0.0");
      // The answers say nothing of how far the other port has come.
      await().untilAsserted(() -> assertThat(sockets(sidecar)).isLessThan(200));
      assertThat(resident(sidecar) - memory).as("bytes more").isLessThan(40L << 20);
      assertThat(sidecar.log().lines().toList().size() - lines).as("lines more").isLessThan(10);
    } finally {
      for (Socket socket : crowd) {
        socket.close();
      }
    }
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress("127.0.0.9", 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
    return socket;
  }

  private static long sockets(SidecarProcess sidecar) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc", pid(sidecar), "fd"))) {
      return files.filter(HostileProcessTest::isSocket).count();
    }
  }

  private static boolean isSocket(Path file) {
    try {
      return Files.readSymbolicLink(file).toString().startsWith("socket:");
    } catch (IOException closedInTheMeantime) {
      return false;
    }
  }

  /// In bytes.
  private static long resident(SidecarProcess sidecar) throws IOException {
    return Files.readAllLines(Path.of("/proc", pid(sidecar), "status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum()
        << 10;
  }

  private static String pid(SidecarProcess sidecar) {
    return Long.toString(sidecar.process.pid());
  }
}
