package mysqlagents.clone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import mysqlagents.settings.PodName;
import mysqlagents.wire.DonorStatus;
import mysqlagents.wire.Json;
import mysqlagents.wire.Problem;
import mysqlagents.wire.client.HttpConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class WaitingStatusTest {
  private static final String ADDRESS = "127.0.13.2";

  private static HttpConnection.Response get(HttpConnection connection, String path)
      throws IOException {
    return connection.get(path, Map.of());
  }

  private static HttpConnection open(int port) throws IOException {
    return HttpConnection.open(ADDRESS, port, Duration.ofSeconds(10), Optional.empty());
  }

  @Test
  void saysThatThisPodHoldsNothingAndGivesNothing() throws Exception {
    int port = ScriptedDonor.freePort();
    try (WaitingStatus _ =
        WaitingStatus.start(PodName.parse("mysql-2"), ADDRESS, Network.inTheClear(port))) {
      try (HttpConnection connection = open(port)) {
        HttpConnection.Response answer = get(connection, "/status");
        assertThat(answer.head().status()).isEqualTo(200);
        assertThat(answer.head().header("Backup-Protocol")).contains("1");
        assertThat(Json.read(answer.text(9999), DonorStatus.class, "answer"))
            .isEqualTo(
                new DonorStatus(
                    1,
                    "mysql-2",
                    "replica",
                    false,
                    false,
                    "mysql-2 has no data yet",
                    null,
                    null,
                    null,
                    null,
                    0,
                    "none",
                    null));
      }
      for (String path : new String[] {"/backup", "/backups/x", "/"}) {
        try (HttpConnection connection = open(port)) {
          HttpConnection.Response answer = get(connection, path);
          assertThat(answer.head().status()).isEqualTo(503);
          assertThat(answer.head().header("Retry-After")).contains("5");
          assertThat(Json.read(answer.text(9999), Problem.class, "answer").problem())
              .isEqualTo("mysql-2 has no data yet");
        }
      }
    }
    // The sidecar can have the port at once.
    new ServerSocket(port, 1, InetAddress.ofLiteral(ADDRESS)).close();
  }

  @Test
  void goesOnWithoutThePort() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral(ADDRESS));
        WaitingStatus waiting =
            WaitingStatus.start(
                PodName.parse("mysql-2"), ADDRESS, Network.inTheClear(other.getLocalPort()))) {
      assertThat(waiting).isNotNull();
    }
    try (WaitingStatus waiting =
        WaitingStatus.start(
            PodName.parse("mysql-2"), "no-such-address.invalid", Network.inTheClear(3307))) {
      assertThat(waiting).isNotNull();
    }
  }
}
