package mysqlagents.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ReadEndpointTest {
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @Test
  void goesRoundTheReadyServers() throws Exception {
    List<InetSocketAddress> ready = List.of(server("a"), server("b"));
    int port = endpoint(ready);
    assertThat(List.of(ask(port), ask(port), ask(port), ask(port)))
        .containsExactly("a", "b", "a", "b");
  }

  @Test
  void closesTheConnectionWhenNobodyIsReady() throws Exception {
    assertThat(ask(endpoint(List.of()))).isEmpty();
  }

  private int endpoint(List<InetSocketAddress> ready) throws IOException {
    ReadEndpoint endpoint =
        new ReadEndpoint(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), () -> ready);
    open.add(endpoint);
    return endpoint.port();
  }

  /// A server that says its name and hangs up.
  private InetSocketAddress server(String name) throws IOException {
    ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    open.add(server);
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              try (Socket client = server.accept()) {
                client.getOutputStream().write(name.getBytes(StandardCharsets.UTF_8));
              }
            }
          } catch (IOException _) {
            // Closed at the test's end.
          }
        });
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  private static String ask(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
