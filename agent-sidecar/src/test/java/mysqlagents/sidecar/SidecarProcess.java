package mysqlagents.sidecar;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mysqlagents.testbed.ChildProcess;

/// agent-sidecar as a process of its own, with the flags that it is launched with.
public final class SidecarProcess implements AutoCloseable {
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xss256k",
          "-XX:+UseCompactObjectHeaders",
          "-Xmx64m",
          "-Xmn4m",
          "--enable-native-access=ALL-UNNAMED");

  public final int backupPort = freePort();
  public final int managementPort = freePort();
  public final ChildProcess process;
  private final HttpClient http = HttpClient.newHttpClient();

  /// @param directory for its log, its volume and its temporary files
  /// @param settings environment variables, over those that keep it on this machine
  public SidecarProcess(Path directory, Map<String, String> settings) throws IOException {
    Files.createDirectories(directory.resolve("tmp"));
    Files.createDirectories(directory.resolve("volume/mysql"));
    Map<String, String> environment = new HashMap<>();
    environment.put("POD_NAME", "mysql-0");
    environment.put("TLS", "off");
    environment.put("VOLUME_DIRECTORY", directory.resolve("volume").toString());
    environment.put("LISTEN_ADDRESS", "127.0.0.1");
    environment.put("BACKUP_PORT", Integer.toString(backupPort));
    environment.put("MANAGEMENT_PORT", Integer.toString(managementPort));
    environment.put(
        "TERMINATION_MESSAGE_PATH", directory.resolve("termination-message").toString());
    environment.putAll(settings);
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(
        List.of(
            "-Djava.io.tmpdir=" + directory.resolve("tmp"),
            "-cp",
            System.getProperty("java.class.path"),
            "mysqlagents.sidecar.SidecarMain"));
    process = ChildProcess.start(command, environment, directory.resolve("log"));
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  public void awaitLog(String text) {
    await()
        .atMost(java.time.Duration.ofSeconds(30))
        .until(() -> Files.exists(process.log()) && log().contains(text));
  }

  public String log() throws IOException {
    return Files.readString(process.log());
  }

  public HttpResponse<String> manage(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(managementPort, path)))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() throws IOException {
    http.close();
    process.close();
  }
}
