package mysqlagents.sidecar.donor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import mysqlagents.mysql.Dialect;
import mysqlagents.mysql.ServerVersion;
import mysqlagents.sidecar.SidecarProcess;
import mysqlagents.sidecar.donor.RawClient.Answer;
import mysqlagents.testbed.MySqlServer;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.Donation;
import mysqlagents.wire.Json;
import mysqlagents.wire.Receipt;
import mysqlagents.wire.client.HttpConnection;
import mysqlagents.xbstream.ReceivedStream;
import mysqlagents.xbstream.StreamDialect;
import mysqlagents.xbstream.StreamReceiver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// agent-sidecar as a process, beside a real MySQL that copies itself, with the accounts that the
/// sidecar makes.
@Timeout(180)
class ClonePluginIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String LEFTOVER = "backup-0b0f5a6e-6f64-4d64-9d3f-2f1f0e0d0c0b";
  private static MySqlServer server;

  @TempDir private static Path shared;
  @TempDir private Path directory;

  @BeforeAll
  static void startAServerWithSomeData() throws Exception {
    server =
        MySqlServer.builder()
            .binlog(true)
            .options("--gtid-mode=ON", "--enforce-gtid-consistency=ON")
            .start();
    server.execute(
        "CREATE DATABASE shop",
        "CREATE DATABASE empty_db",
        "CREATE TABLE shop.t (n INT PRIMARY KEY AUTO_INCREMENT, s VARCHAR(200))",
        "INSERT INTO shop.t (s) VALUES ('hello'), (REPEAT('x', 200))");
    // 32 MiB, so that a copy takes a moment.
    for (int doubling = 0; doubling < 17; doubling++) {
      server.execute("INSERT INTO shop.t (s) SELECT REPEAT('x', 200) FROM shop.t");
    }
    for (String account : List.of("agent", "backup", "replication")) {
      Files.writeString(shared.resolve(account), account + " s3cret\n");
    }
    Files.writeString(shared.resolve("root"), server.rootPassword() + "\n");
  }

  @AfterAll
  static void stopTheServer() throws Exception {
    server.close();
  }

  @AfterEach
  void theServerIsLeftAsItWas() throws Exception {
    server.execute("DROP TABLE IF EXISTS shop.other");
  }

  private SidecarProcess sidecar(String... more) throws IOException {
    Map<String, String> settings = new HashMap<>();
    settings.put("MYSQL_HOST", server.address());
    settings.put("MYSQL_PORT", Integer.toString(server.port()));
    settings.put("MANAGE_ACCOUNTS", "true");
    settings.put("BACKUP_ENGINE", "clone-plugin");
    settings.put("ROOT_PASSWORD_FILE", shared.resolve("root").toString());
    settings.put("MYSQL_PASSWORD_FILE", shared.resolve("agent").toString());
    settings.put("BACKUP_PASSWORD_FILE", shared.resolve("backup").toString());
    settings.put("REPLICATION_PASSWORD_FILE", shared.resolve("replication").toString());
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    SidecarProcess sidecar = new SidecarProcess(directory, settings);
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() ->
            sidecar.manage("/readyz").statusCode() == 200
                && "1"
                    .equals(
                        server.value(
                            "SELECT COUNT(*) FROM mysql.user WHERE user = 'replication'")));
    return sidecar;
  }

  private Path donation() {
    return directory.resolve("volume/donation");
  }

  private List<String> donations() throws IOException {
    try (Stream<Path> entries = Files.list(donation())) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }

  private void awaitNoDonation() {
    await().atMost(LIMIT).until(() -> donations().isEmpty());
  }

  private static String problem(Answer answer) throws IOException {
    assertThat(answer.status()).as(answer.text()).isEqualTo(500);
    return TestDonor.problem(answer).problem();
  }

  /// What a recipient gets, by its own client, which takes a cut for no end.
  private static ReceivedStream receive(SidecarProcess sidecar, Path target) throws Exception {
    StreamReceiver receiver =
        new StreamReceiver(
            Files.createDirectories(target),
            StreamReceiver.Options.of(StreamDialect.PERCONA, BackupProtocol.RECEIPT_MEMBER));
    try (HttpConnection connection =
        HttpConnection.open("127.0.0.1", sidecar.backupPort, LIMIT, Optional.empty())) {
      HttpConnection.Response response = connection.get("/backup", Map.of());
      assertThat(response.head().status()).as(sidecar.log()).isEqualTo(200);
      return receiver.receive(response.content());
    }
  }

  private ReceivedStream receive(SidecarProcess sidecar) throws Exception {
    return receive(sidecar, Files.createTempDirectory(directory, "received"));
  }

  @Test
  void aCopyIsStreamedVouchedForAndRemovedAndAServerStartsOnIt() throws Exception {
    try (SidecarProcess sidecar = sidecar()) {
      Path data = directory.resolve("data");
      ReceivedStream stream = receive(sidecar, data);
      awaitNoDonation();
      Receipt receipt =
          Json.read(new String(stream.trailer(), StandardCharsets.UTF_8), Receipt.class, "receipt");
      assertThat(receipt.tool()).isEqualTo("clone-plugin");
      assertThat(receipt.toolVersion()).isEqualTo(receipt.serverVersion());
      assertThat(receipt.bytes()).isEqualTo(stream.bytes());
      assertThat(receipt.digest()).isEqualTo(stream.digest());
      Path description = data.resolve(BackupProtocol.DONATION_MEMBER);
      Donation donation = Json.read(Files.readString(description), Donation.class, "donation");
      assertThat(donation.files()).isEqualTo(stream.members().size() - 1L);
      for (String name : donation.directories()) {
        Files.createDirectories(data.resolve(name));
      }
      Files.delete(description);

      try (MySqlServer clone =
          MySqlServer.builder()
              .dataDirectory(data)
              .serverId(2)
              .binlog(true)
              .options("--gtid-mode=ON", "--enforce-gtid-consistency=ON")
              .start()) {
        for (String query :
            List.of("CHECKSUM TABLE shop.t", "SELECT @@GLOBAL.gtid_executed", "SHOW DATABASES")) {
          assertThat(clone.value(query)).as(query).isEqualTo(server.value(query));
        }
        clone.execute("CREATE TABLE empty_db.t (n INT)");
        // What was written on the clone itself is not taken for something that the copy brought.
        Dialect dialect = Dialect.of(ServerVersion.parse(receipt.serverVersion()));
        assertThat(clone.value("SELECT @@GLOBAL.gtid_executed"))
            .isNotEqualTo(server.value("SELECT @@GLOBAL.gtid_executed"));
        assertThat(clone.value(dialect.appliedGtidSet().text()))
            .isEqualTo(server.value("SELECT @@GLOBAL.gtid_executed"));
      }
    }
  }

  @Test
  void aSecondRequestIsAnsweredAfterAFirst() throws Exception {
    try (SidecarProcess sidecar = sidecar()) {
      assertThat(receive(sidecar).members()).contains("shop/t.ibd");
      assertThat(receive(sidecar).members()).contains("shop/t.ibd");
    }
  }

  @Test
  void tablesThatWouldBeLeftBehindAreNamedAndNothingIsSent() throws Exception {
    server.execute(
        "CREATE TABLE shop.other (n INT) ENGINE=MyISAM", "INSERT INTO shop.other VALUES (1)");
    try (SidecarProcess sidecar = sidecar()) {
      Answer answer = RawClient.get(sidecar.backupPort, "/backup");
      assertThat(problem(answer))
          .isEqualTo(
              "the CLONE plugin copies InnoDB only, and would leave these tables empty: shop.other"
                  + " (MyISAM)");
      assertThat(TestDonor.problem(answer).remedy()).contains("ENGINE=InnoDB");
      assertThat(donations()).isEmpty();
    }
  }

  @Test
  void aVolumeWithoutRoomForASecondCopyIsNotFilled() throws Exception {
    Files.createDirectories(directory.resolve("volume/mysql"));
    try (RandomAccessFile large =
        new RandomAccessFile(directory.resolve("volume/mysql/large.ibd").toFile(), "rw")) {
      large.setLength(8L << 40);
    }
    try (SidecarProcess sidecar = sidecar()) {
      assertThat(problem(RawClient.get(sidecar.backupPort, "/backup")))
          .matches(
              "mysqld's copy of 8\\.0 TiB needs 8\\.4 TiB with its margin, and the volume has .* free");
      assertThat(donations()).isEmpty();
    }
  }

  @Test
  void aDirectoryThatMysqldCannotWriteIsNamed() throws Exception {
    Files.createDirectories(directory.resolve("volume"));
    Files.writeString(donation(), "in the way");
    try (SidecarProcess sidecar = sidecar()) {
      Answer answer = RawClient.get(sidecar.backupPort, "/backup");
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.text()).contains(donation().toString());
      assertThat(donation()).hasContent("in the way");
    }
  }

  @Test
  void whatACrashHasLeftIsRemovedAndNothingElse() throws Exception {
    Files.createDirectories(donation().resolve(LEFTOVER + "/shop"));
    Files.writeString(donation().resolve(LEFTOVER + "/shop/t.ibd"), "half");
    Files.createDirectories(donation().resolve("backup-of-mine"));
    Files.writeString(donation().resolve("notes"), "mine");
    try (SidecarProcess sidecar = sidecar()) {
      assertThat(donations()).containsExactlyInAnyOrder("backup-of-mine", "notes");
      assertThat(sidecar.log()).contains(LEFTOVER + ", which belongs to no backup");
    }
  }

  @Test
  void aRecipientThatLeavesEndsTheCopy() throws Exception {
    try (SidecarProcess sidecar = sidecar()) {
      try (RawClient recipient = new RawClient(sidecar.backupPort)) {
        freezeInTheMiddleOfACopy(recipient);
      }
      server.thaw();

      sidecar.awaitLog("closed the connection");
      // The directory is gone before mysqld has heard of the end, if that takes it long.
      awaitNoCopy();
      awaitNoDonation();
      assertThat(receive(sidecar).members()).contains("shop/t.ibd");
    } finally {
      server.thaw();
    }
  }

  /// The recipient's own limit finds a mysqld that hangs: it hears nothing.
  @Test
  void aMysqldThatHangsGivesNoSignOfLife() throws Exception {
    try (SidecarProcess sidecar = sidecar()) {
      try (RawClient recipient = new RawClient(sidecar.backupPort)) {
        freezeInTheMiddleOfACopy(recipient);
        double before = bytes(sidecar);
        Thread.sleep(3_000);
        assertThat(bytes(sidecar) - before).as("bytes in 3 s").isLessThan(200);
      }
      // Without mysqld's help, too, the slot is free again.
      await().atMost(LIMIT).until(() -> sidecar.log().contains("closed the connection"));
      // It goes on, makes its directory anew, and is told that nobody wants it any more.
      server.thaw();
      awaitNoCopy();
      awaitNoDonation();
    } finally {
      server.thaw();
    }
  }

  @Test
  void aSidecarThatIsKilledLeavesNothingForGood() throws Exception {
    try (SidecarProcess sidecar = sidecar();
        RawClient recipient = new RawClient(sidecar.backupPort)) {
      freezeInTheMiddleOfACopy(recipient);
      sidecar.process.kill();
      sidecar.process.waitFor(LIMIT);
    } finally {
      server.thaw();
    }
    try (SidecarProcess sidecar = sidecar()) {
      awaitNoCopy();
      awaitNoDonation();
      assertThat(receive(sidecar).members()).contains("shop/t.ibd");
      awaitNoDonation();
    }
  }

  @Test
  void aServerWithoutGtidIsRefused() throws Exception {
    server.execute("SET GLOBAL gtid_mode = ON_PERMISSIVE");
    try (SidecarProcess sidecar = sidecar()) {
      Answer answer = RawClient.get(sidecar.backupPort, "/backup");
      assertThat(problem(answer)).startsWith("gtid_mode is ON_PERMISSIVE, and a copy by the CLONE");
      assertThat(TestDonor.problem(answer).remedy()).contains("gtid_mode=ON");
    } finally {
      server.execute("SET GLOBAL gtid_mode = ON");
    }
  }

  /// mysqld is stopped while its copy is there in part, so that what is to happen in the middle of
  /// a copy does.
  private void freezeInTheMiddleOfACopy(RawClient recipient) throws Exception {
    recipient.askFor("/backup");
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (donations().isEmpty()) {
      assertThat(System.nanoTime()).as("a copy begins in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
    server.freeze();
  }

  private static long copies() throws Exception {
    return Long.parseLong(
        String.valueOf(
            server.value(
                "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'CLONE LOCAL%'")));
  }

  private static void awaitNoCopy() {
    await().atMost(LIMIT).until(() -> copies() == 0);
  }

  private static double bytes(SidecarProcess sidecar) throws Exception {
    return sidecar
        .manage("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("mysql_agents_backup_bytes_total"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
