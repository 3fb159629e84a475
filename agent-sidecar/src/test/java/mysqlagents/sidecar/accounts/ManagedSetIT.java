package mysqlagents.sidecar.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mysqlagents.mysql.Secret;
import mysqlagents.sidecar.SidecarProcess;
import mysqlagents.sidecar.server.Account;
import mysqlagents.sidecar.server.Endpoint;
import mysqlagents.sidecar.server.LogIn;
import mysqlagents.testbed.LoopbackNet;
import mysqlagents.testbed.MariaDbServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A primary that begins with nothing but root, and a replica that is made of its backup:
/// everything with the accounts that the primary's sidecar has made.
class ManagedSetIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path directory;

  @SuppressWarnings("NullAway.Init")
  private LoopbackNet net;

  @SuppressWarnings("NullAway.Init")
  private MariaDbServer primary;

  @SuppressWarnings("NullAway.Init")
  private PasswordDirectory passwords;

  @BeforeEach
  void startPrimary() throws Exception {
    net = LoopbackNet.reserve();
    primary = MariaDbServer.builder().address(net.pod(0)).serverId(100).binlog(true).start();
    primary.execute("CREATE DATABASE d", "CREATE TABLE d.t (a INT PRIMARY KEY)");
    primary.execute("INSERT INTO d.t VALUES (1)");
    passwords = PasswordDirectory.create(directory.resolve("secret"), primary);
  }

  @AfterEach
  void stopPrimary() throws Exception {
    primary.close();
    net.close();
  }

  private SidecarProcess sidecar(int ordinal, MariaDbServer server) throws Exception {
    Map<String, String> settings = new HashMap<>(passwords.variables(server));
    settings.put("POD_NAME", "mysql-" + ordinal);
    settings.put("PEER_ADDRESS", net.podTemplate());
    settings.put("REPLICATION_PORT", Integer.toString(primary.port()));
    return new SidecarProcess(pod(ordinal), settings);
  }

  private Path pod(int ordinal) {
    return directory.resolve("pod-" + ordinal);
  }

  private static void awaitReady(SidecarProcess sidecar) {
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(sidecar.manage("/readyz").body()).startsWith("ready: "));
  }

  /// What the donor gives, unpacked and prepared by the tools themselves.
  private void cloneFrom(SidecarProcess donor, Path data) throws Exception {
    Path stream = directory.resolve("stream");
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI address = URI.create("http://127.0.0.1:%d/backup".formatted(donor.backupPort));
      HttpResponse<Path> answer =
          http.send(
              HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofFile(stream));
      assertThat(answer.statusCode()).isEqualTo(200);
    }
    Files.createDirectories(data);
    run(stream, "mbstream", "-x", "-C", data.toString());
    run(stream, "mariadb-backup", "--prepare", "--target-dir=" + data);
  }

  private void run(Path input, String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectInput(input.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("tool.log").toFile())
            .start();
    assertThat(process.waitFor()).isZero();
  }

  private MariaDbServer replicaOn(Path data) throws Exception {
    return MariaDbServer.builder()
        .address(net.pod(1))
        .port(primary.port())
        .serverId(101)
        .dataDirectory(data)
        .options("--skip-slave-start", "--read-only")
        .start();
  }

  private void awaitSameRows(MariaDbServer replica) {
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(rows(replica)).isEqualTo(rows(primary)));
  }

  private static String rows(MariaDbServer server) throws Exception {
    return String.valueOf(server.value("SELECT GROUP_CONCAT(a ORDER BY a) FROM d.t"));
  }

  private interface Story {
    void play(SidecarProcess first, MariaDbServer replica, Path data) throws Exception;
  }

  private void withReplica(Story story) throws Exception {
    try (SidecarProcess first = sidecar(0, primary)) {
      awaitReady(first);
      // It is ready with the first account already, and this is the last.
      first.awaitLog("account 'replication'@'%': made it");
      Path data = pod(1).resolve("volume/mysql");
      cloneFrom(first, data);
      try (MariaDbServer replica = replicaOn(data)) {
        story.play(first, replica, data);
      }
    }
  }

  private void assertTakes(MariaDbServer server, String user, String password) throws Exception {
    Path file = Files.writeString(directory.resolve("only"), password);
    LogIn logIn =
        new LogIn(
            new Endpoint(server.address(), server.port()),
            new Account(user, java.util.Optional.of(file)));
    assertThat(logIn.workingPassword()).isEqualTo(new Secret(password));
  }

  @Test
  void clonesReplicatesAndDonatesWithTheLeastRights() throws Exception {
    withReplica((first, replica, data) -> {
      try (SidecarProcess second = sidecar(1, replica)) {
        awaitReady(second);
        primary.execute("INSERT INTO d.t VALUES (2)");
        awaitSameRows(replica);
        cloneFrom(second, directory.resolve("another"));
        assertThat(directory.resolve("another/d/t.ibd")).exists();
        assertThat(second.log()).doesNotContain("root", "accounts cannot be managed");
        assertThat(replica.value("SHOW ALL SLAVES STATUS")).isNotNull();
      }
      assertNoPasswordIn(
          pod(0).resolve("log"), pod(1).resolve("log"), primary.log(), replica.log());
    });
  }

  private void assertNoPasswordIn(Path... logs) throws Exception {
    for (Path log : logs) {
      String text = Files.readString(log, StandardCharsets.UTF_8);
      assertThat(List.of(PasswordDirectory.NASTY.strip(), primary.rootPassword()))
          .as(log.toString())
          .noneMatch(text::contains);
    }
    try (Stream<Path> left = Stream.of(0, 1).map(ordinal -> pod(ordinal).resolve("tmp"))) {
      assertThat(left).allSatisfy(tmp -> assertThat(tmp).isDirectoryNotContaining("glob:**.cnf"));
    }
  }

  /// Nothing but the second line lets the agent in: its server was away when the password changed,
  /// and only the agent can start the replication that brings the change.
  @Test
  void aReplicaThatMissedARotationComesBackByTheSecondLine() throws Exception {
    withReplica((first, replica, data) -> {
      try (SidecarProcess second = sidecar(1, replica)) {
        awaitReady(second);
      }
      replica.stop();
      passwords.write("agent", "rotated-agent\n" + PasswordDirectory.NASTY + "agent\n");
      passwords.write("backup", "rotated-backup\n" + PasswordDirectory.NASTY + "backup\n");
      first.awaitLog("account 'agent'@'127.%': set its password");
      first.awaitLog("account 'backup'@'127.%': set its password");
      assertTakes(primary, "agent", "rotated-agent");
      replica.restart();

      try (SidecarProcess second = sidecar(1, replica)) {
        awaitReady(second);
        assertThat(second.log())
            .contains("does not know the new password of 'agent' yet, but takes the one before");
        primary.execute("INSERT INTO d.t VALUES (3)");
        awaitSameRows(replica);
        assertTakes(replica, "agent", "rotated-agent");
        assertTakes(replica, "backup", "rotated-backup");
        cloneFrom(second, directory.resolve("after"));
      }
    });
  }

  @Test
  void aRunningSidecarNeedsNoSecondLine() throws Exception {
    withReplica((first, replica, data) -> {
      try (SidecarProcess second = sidecar(1, replica)) {
        awaitReady(second);
        replica.stop();
        passwords.write("agent", "rotated-agent\n");
        first.awaitLog("account 'agent'@'127.%': set its password");
        replica.restart();
        awaitReady(second);
        primary.execute("INSERT INTO d.t VALUES (4)");
        awaitSameRows(replica);
        assertTakes(replica, "agent", "rotated-agent");
      }
    });
  }
}
