package mysqlagents.clone;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static mysqlagents.clone.TestVolume.assertNothingCameOfIt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import mysqlagents.files.Volume;
import mysqlagents.journal.CloneManifest;
import mysqlagents.journal.Journal;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;
import mysqlagents.settings.PodName;
import mysqlagents.wire.Json;
import mysqlagents.wire.Problem;
import mysqlagents.wire.Receipt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// One attempt at one donor, over real HTTP, onto a real volume, with a fake tool for prepare.
@Timeout(600)
final class CloneAttemptTest {
  private static final TestBackup BACKUP = TestBackup.of(5_000);
  private static final PodName DONOR = PodName.parse("mysql-0");

  @TempDir private Path root;
  private Volume volume = new Volume(Path.of(""));
  private Map<String, String> variables = Map.of();
  private ScriptedDonor donor = donor(ScriptedDonor.giving(new byte[0]));

  private static ScriptedDonor donor(ScriptedDonor.Script script) {
    try {
      return new ScriptedDonor("127.0.0.1", ScriptedDonor.freePort(), script);
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  @BeforeEach
  void makeAVolume() throws IOException {
    volume = new Volume(Files.createDirectory(root.resolve("volume")));
    donor.close();
    int port = ScriptedDonor.freePort();
    donor = new ScriptedDonor("127.0.9.0", port, ScriptedDonor.giving(BACKUP.received("mysql-0")));
    variables = new HashMap<>();
    variables.put("TLS", "off");
    variables.putAll(
        Map.of(
            "POD_NAME",
            "mysql-1",
            "VOLUME_DIRECTORY",
            volume.root().toString(),
            "PEER_ADDRESS",
            "127.0.9.{ordinal}",
            "BACKUP_PORT",
            Integer.toString(port),
            "STALL_LIMIT_SECONDS",
            "20",
            "MARIADB_BACKUP_PROGRAM",
            FakeTool.succeeding(root).toString()));
  }

  @AfterEach
  void close() throws IOException {
    donor.close();
  }

  private CloneAttempt newAttempt() {
    CloneSettings settings = CloneSettings.from(variables);
    return new CloneAttempt(
        settings,
        Network.inTheClear(settings.backupPort()),
        new Staging(volume.staging()),
        new Journal(volume.agent()));
  }

  private CloneResult attempt() throws Exception {
    return newAttempt().run(DONOR);
  }

  private DonorException failure() {
    return failure(newAttempt());
  }

  private static DonorException failure(CloneAttempt attempt) {
    return catchThrowableOfType(DonorException.class, () -> attempt.run(DONOR));
  }

  private AgentFailure end() {
    return catchThrowableOfType(AgentFailure.class, this::attempt);
  }

  @Test
  void aWholeBackupBecomesTheDataDirectory() throws Exception {
    CloneResult result = attempt();

    BACKUP.assertWholeIn(volume.data());
    assertThat(volume.staging()).doesNotExist();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(volume.data())))
        .isEqualTo("rwxr-x---");
    CloneManifest manifest = new Journal(volume.agent()).cloneManifest().orElseThrow();
    assertThat(manifest.cloneId()).isEqualTo(TestBackup.ID);
    assertThat(manifest.donor()).isEqualTo("mysql-0");
    assertThat(manifest.donorServerVersion()).isEqualTo("10.11.19-MariaDB-log");
    assertThat(manifest.bytes()).isEqualTo(BACKUP.stream().length);
    assertThat(manifest.digest()).isEqualTo(BACKUP.digest());
    assertThat(String.valueOf(manifest.coordinates()))
        .isEqualTo("mysql-bin.000002:717959, GTID 0-100-7");
    assertThat(result.result()).isEqualTo("cloned");
    assertThat(result.bytes()).isEqualTo(BACKUP.stream().length);
    assertThat(result.seconds())
        .containsOnlyKeys("receive", "decompress", "prepare", "sync", "promote");
  }

  @Test
  void saysWhoItIsAndWhatItUnderstands() throws Exception {
    attempt();
    assertThat(donor.requests().getFirst().lines())
        .contains(
            "GET /backup HTTP/1.1",
            "Backup-Protocol: 1",
            "Backup-Recipient: mysql-1",
            "Accept-Encoding: identity");
  }

  @Test
  void takesThePlaceOfAnEmptyDirectory() throws Exception {
    Files.createDirectory(volume.data());
    attempt();
    BACKUP.assertWholeIn(volume.data());
  }

  @Test
  void neverTakesThePlaceOfAnythingElse() throws Exception {
    Files.createDirectory(volume.data());
    Path precious = Files.writeString(volume.data().resolve("precious"), "kept");
    AgentFailure failure = end();
    assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(failure)
        .hasMessageStartingWith(
            "%s holds data that has come there since this pod began to clone", volume.data());
    assertThat(precious).hasContent("kept");
    // It would be taken for the place of what is there.
    assertThat(new Journal(volume.agent()).cloneManifest()).isEmpty();
    assertThat(volume.data().toFile().list()).containsExactly("precious");
  }

  @Test
  void takesZstdWhenItIsAskedFor() throws Exception {
    variables.put("WIRE_COMPRESSION", "zstd");
    donor.become(
        ScriptedDonor.giving(
            ZstdFrame.of(BACKUP.received("mysql-0")), Map.of("Content-Encoding", "zstd")));
    attempt();
    BACKUP.assertWholeIn(volume.data());
    assertThat(donor.requests().getFirst()).contains("Accept-Encoding: zstd\r\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1000})
  void takesChunksOfAnySize(int chunk) throws Exception {
    byte[] stream = BACKUP.received("mysql-0");
    donor.become((_, out) -> {
      ScriptedDonor.writeHead(out, stream.length, Map.of());
      java.io.BufferedOutputStream buffered = new java.io.BufferedOutputStream(out);
      ScriptedDonor.writeChunks(buffered, stream, 0, stream.length, chunk);
      buffered.write("0\r\n\r\n".getBytes(ISO_8859_1));
      buffered.flush();
    });
    attempt();
    BACKUP.assertWholeIn(volume.data());
  }

  /// Law 2. Stock tools take most of these for a whole backup.
  @Test
  void aStreamCutAtAnyBoundaryNeverBecomesData() throws Exception {
    byte[] stream = BACKUP.received("mysql-0");
    CloneAttempt attempt = newAttempt();
    for (int boundary : TestBackup.boundaries(stream)) {
      donor.become(ScriptedDonor.cutting(stream, boundary));
      assertThat(failure(attempt))
          .as("connection cut at %d", boundary)
          .hasMessageStartingWith("the backup of mysql-0 broke off after ");
      assertNothingCameOfIt(volume);
    }
    for (int boundary : TestBackup.boundaries(stream)) {
      if (boundary < stream.length) {
        donor.become(ScriptedDonor.giving(Arrays.copyOf(stream, boundary)));
        assertThat(failure(attempt))
            .as("cleanly ended at %d", boundary)
            .hasMessageStartingWith("the backup of mysql-0 broke off after ");
        assertNothingCameOfIt(volume);
      }
    }
  }

  @Test
  void aStreamWithAnyBitFlippedNeverBecomesData() throws Exception {
    byte[] stream = TestBackup.of(50).received("mysql-0");
    CloneAttempt attempt = newAttempt();
    for (int at = 0; at < stream.length; at += 7) {
      byte[] damaged = stream.clone();
      damaged[at] ^= (byte) (1 << at % 8);
      donor.become(ScriptedDonor.giving(damaged));
      assertThat(failure(attempt)).as("bit flipped at %d", at).isNotNull();
      assertNothingCameOfIt(volume);
    }
  }

  static Stream<Arguments> lies() {
    return Stream.of(
        lie(
            "layout is 2",
            r ->
                new Receipt(
                    2,
                    r.backupId(),
                    r.donor(),
                    r.tool(),
                    r.toolVersion(),
                    r.serverVersion(),
                    0,
                    r.bytes(),
                    r.digest())),
        lie(
            "id is other",
            r ->
                new Receipt(
                    1,
                    "other",
                    r.donor(),
                    r.tool(),
                    r.toolVersion(),
                    r.serverVersion(),
                    0,
                    r.bytes(),
                    r.digest())),
        lie(
            "donor is mysql-7",
            r ->
                new Receipt(
                    1,
                    r.backupId(),
                    "mysql-7",
                    r.tool(),
                    r.toolVersion(),
                    r.serverVersion(),
                    0,
                    r.bytes(),
                    r.digest())),
        lie(
            "tool is xtrabackup",
            r ->
                new Receipt(
                    1,
                    r.backupId(),
                    r.donor(),
                    "xtrabackup",
                    r.toolVersion(),
                    r.serverVersion(),
                    0,
                    r.bytes(),
                    r.digest())),
        lie(
            "exit status is 1",
            r ->
                new Receipt(
                    1,
                    r.backupId(),
                    r.donor(),
                    r.tool(),
                    r.toolVersion(),
                    r.serverVersion(),
                    1,
                    r.bytes(),
                    r.digest())),
        lie(
            "length is 7",
            r ->
                new Receipt(
                    1,
                    r.backupId(),
                    r.donor(),
                    r.tool(),
                    r.toolVersion(),
                    r.serverVersion(),
                    0,
                    7,
                    r.digest())),
        lie(
            "digest is crc32+crc32c:0",
            r ->
                new Receipt(
                    1,
                    r.backupId(),
                    r.donor(),
                    r.tool(),
                    r.toolVersion(),
                    r.serverVersion(),
                    0,
                    r.bytes(),
                    "crc32+crc32c:0")));
  }

  private static Arguments lie(String message, UnaryOperator<Receipt> change) {
    return Arguments.of(message, Named.of(message, change));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void aReceiptThatDoesNotFitIsRefused(String message, UnaryOperator<Receipt> lie)
      throws Exception {
    donor.become(ScriptedDonor.giving(BACKUP.received("mysql-0", lie)));
    assertThat(failure())
        .hasMessageContaining(
            "the receipt of mysql-0 does not fit what was received: its " + message);
    assertNothingCameOfIt(volume);
  }

  @Test
  void noReceiptIsNoClone() throws Exception {
    donor.become(ScriptedDonor.giving(BACKUP.stream()));
    assertThat(failure()).hasMessageContaining("the backup of mysql-0 broke off");
    donor.become(ScriptedDonor.giving(BACKUP.withLast("{")));
    assertThat(failure()).hasMessageStartingWith("the receipt of mysql-0 is not what it should be");
    donor.become(ScriptedDonor.giving(BACKUP.withLast("{\"version\":1}")));
    assertThat(failure())
        .hasMessage("the receipt of mysql-0 is not what it should be: backupId is missing");
    assertNothingCameOfIt(volume);
  }

  @Test
  void nothingMayFollowTheReceipt() throws Exception {
    byte[] stream = BACKUP.received("mysql-0");
    byte[] more = Arrays.copyOf(stream, stream.length + 1);
    donor.become(ScriptedDonor.giving(more));
    assertThat(failure()).hasMessageContaining("the backup of mysql-0 broke off");
    byte[] twice = Arrays.copyOf(stream, stream.length * 2);
    System.arraycopy(stream, 0, twice, stream.length, stream.length);
    donor.become(ScriptedDonor.giving(twice));
    assertThat(failure()).hasMessageContaining("the backup of mysql-0 broke off");
    assertNothingCameOfIt(volume);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ib_logfile0", "backup-my.cnf", "xtrabackup_checkpoints", "xtrabackup_info"})
  void aBackupThatLacksWhatEveryBackupHasIsRefused(String member) throws Exception {
    donor.become(ScriptedDonor.giving(BACKUP.without(member).received("mysql-0")));
    assertThat(failure())
        .hasMessageStartingWith("the backup of mysql-0 lacks ")
        .hasMessageContaining(member);
    assertNothingCameOfIt(volume);
  }

  @Test
  void membersThatTheToolCompressedAreMadePlain() throws Exception {
    TestBackup compressed =
        BACKUP
            .without("mysql/user.frm", "ib_logfile0")
            .with("mysql/user.frm.zst", ZstdFrame.of("a table".getBytes(UTF_8)))
            .with("ib_logfile0.zst", ZstdFrame.of("redo".repeat(20).getBytes(UTF_8)));
    donor.become(ScriptedDonor.giving(compressed.received("mysql-0")));
    attempt();
    BACKUP.assertWholeIn(volume.data());
    assertThat(volume.data().resolve("ib_logfile0.zst")).doesNotExist();
  }

  @Test
  void membersThatCannotBeMadePlainEndItAtOnce() throws Exception {
    TestBackup odd =
        BACKUP.without("ib_logfile0").with("ib_logfile0.qp", "qpress10".getBytes(UTF_8));
    donor.become(ScriptedDonor.giving(odd.received("mysql-0")));
    AgentFailure failure = end();
    assertThat(failure.exitCode()).isEqualTo(ExitCode.MISCONFIGURED);
    assertThat(failure).hasMessageContaining("QuickLZ ('ib_logfile0.qp')");
    assertNothingCameOfIt(volume);
  }

  @Test
  void aStallEndsTheAttempt() throws Exception {
    byte[] stream = BACKUP.received("mysql-0");
    variables.put("STALL_LIMIT_SECONDS", "5");
    ScriptedDonor silent = donor;
    donor.become((path, out) -> {
      ScriptedDonor.cutting(stream, 2000).answer(path, out);
      if (path.equals("/backup")) {
        out.flush();
        silent.holdUntilClosed();
      }
    });
    assertThat(failure())
        .hasMessage(
            "the backup of mysql-0 broke off after 2.0 KiB: nothing has been received for 5 s");
    assertNothingCameOfIt(volume);
  }

  @Test
  void theDonorsOwnWordsComeFirst() throws Exception {
    byte[] stream = BACKUP.received("mysql-0");
    String outcome =
        """
        {"id":"%s","state":"%s","bytes":7%s}\
        """;
    int[] asked = new int[1];
    donor.become((path, out) -> {
      if (path.equals("/backup")) {
        ScriptedDonor.cutting(stream, 2000).answer(path, out);
      } else {
        assertThat(path).isEqualTo("/backups/" + TestBackup.ID);
        // The donor needs a moment to notice.
        String body =
            asked[0]++ < 2
                ? outcome.formatted(TestBackup.ID, "running", "")
                : outcome.formatted(
                    TestBackup.ID,
                    "failed",
                    ",\"problem\":{\"problem\":\"mariadb-backup ended with status 1: Access denied\",\"remedy\":\"grant RELOAD\"}");
        ScriptedDonor.saying(200, "", body).answer(path, out);
      }
    });
    DonorException failure = failure();
    assertThat(failure)
        .hasMessage(
            "mysql-0 says: mariadb-backup ended with status 1: Access denied (the backup of mysql-0 broke off after 2.0 KiB: the connection was cut before the end of the answer)");
    assertThat(failure.remedy()).isEqualTo("grant RELOAD");
    assertNothingCameOfIt(volume);
  }

  @Test
  void aBusyDonorSaysWhenToComeBack() {
    String problem = Json.write(new Problem("mysql-0 is giving a backup to mysql-2", "wait"));
    donor.become(ScriptedDonor.saying(503, "Retry-After: 7\r\n", problem));
    DonorBusyException busy = catchThrowableOfType(DonorBusyException.class, this::attempt);
    assertThat(busy).hasMessage("mysql-0 says: mysql-0 is giving a backup to mysql-2");
    assertThat(busy.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    assertThat(busy.remedy()).isEqualTo("wait");

    donor.become(ScriptedDonor.saying(503, "Retry-After: 99999\r\n", problem));
    busy = catchThrowableOfType(DonorBusyException.class, this::attempt);
    assertThat(busy.retryAfter()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void aFailingDonorIsQuoted() {
    donor.become(
        ScriptedDonor.saying(500, "", Json.write(new Problem("no tool fits", "install one"))));
    DonorException failure = failure();
    assertThat(failure).hasMessage("mysql-0 says: no tool fits");
    assertThat(failure.remedy()).isEqualTo("install one");

    donor.become(ScriptedDonor.saying(404, "", "<html>\nnothing here</html>"));
    assertThat(failure()).hasMessage("mysql-0 says: status 404 <html> nothing here</html>");
  }

  @Test
  void aDonorThatIsNotThereIsNamed() throws Exception {
    donor.close();
    DonorException failure = failure();
    assertThat(failure)
        .hasMessage("mysql-0: 127.0.9.0:%s: Connection refused", variables.get("BACKUP_PORT"));
    assertThat(failure.remedy())
        .isEqualTo(
            "see that mysql-0 runs and that its sidecar listens on port %s; its log may say more",
            variables.get("BACKUP_PORT"));
  }

  @Test
  void anotherVersionOfTheProtocolIsRefused() throws Exception {
    byte[] stream = BACKUP.received("mysql-0");
    donor.become(ScriptedDonor.giving(stream, Map.of("Backup-Protocol", "2")));
    assertThat(failure())
        .hasMessage("mysql-0 speaks another version of the clone protocol (Backup-Protocol: 2)");
    donor.become(ScriptedDonor.giving(stream, Map.of("Backup-Id", "../x")));
    assertThat(failure()).hasMessage("mysql-0 gives no usable id (Backup-Id: ../x)");
    donor.become(ScriptedDonor.giving(stream, Map.of("Backup-Tool", "tar")));
    assertThat(failure())
        .hasMessage("mysql-0 takes backups in a way that is not known here (Backup-Tool: tar)");
    assertNothingCameOfIt(volume);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.6.19-MariaDB", "11.8.6-MariaDB", "1.11.0", "nonsense"})
  void aToolOfAnotherSeriesIsRefused(String version) throws Exception {
    donor.become(
        ScriptedDonor.giving(BACKUP.received("mysql-0"), Map.of("Backup-Tool-Version", version)));
    assertThatThrownBy(this::attempt)
        .isInstanceOf(UnfitDonorException.class)
        .hasMessage(
            "mysql-0 backs up with mariadb-backup %s, and this pod has mariadb-backup 10.11.19-MariaDB",
            version);
    assertNothingCameOfIt(volume);
  }

  @Test
  void aMissingToolEndsAtOnce() {
    variables.put("MARIADB_BACKUP_PROGRAM", "/no/such/program");
    AgentFailure failure = end();
    assertThat(failure.exitCode()).isEqualTo(ExitCode.MISCONFIGURED);
    assertThat(failure).hasMessageStartingWith("cannot run the backup tool /no/such/program: ");

    variables.put("MARIADB_BACKUP_PROGRAM", "/bin/true");
    assertThat(end())
        .hasMessage("cannot run the backup tool /bin/true: it does not tell its version");
  }

  @Test
  void aCloneThatWillNotFitIsRefusedBeforeTheFirstByte() throws Exception {
    donor.become(
        ScriptedDonor.giving(
            BACKUP.received("mysql-0"), Map.of("Backup-Size", "100000000000000000")));
    AgentFailure failure = end();
    assertThat(failure.exitCode()).isEqualTo(ExitCode.FILES);
    assertThat(failure)
        .hasMessageMatching(
            "a clone of mysql-0's 88\\.8 PiB needs 93\\.3 PiB with its margin, and .*/volume has [0-9.]+ [KMGT]iB free");
    assertThat(failure.remedy()).isEqualTo("give this pod a larger volume");
    assertNothingCameOfIt(volume);
  }

  @Test
  void aFailedPrepareIsToldInTheToolsWords() throws Exception {
    FakeTool.write(root, "10.11.19-MariaDB", "echo 'InnoDB: no memory' >&2; exit 3");
    assertThat(failure())
        .hasMessage(
            "mariadb-backup --prepare failed with exit status 3; its last words: [00] recovering\nInnoDB: no memory");
    assertNothingCameOfIt(volume);
  }

  @Test
  void anExitStatusAloneIsNotBelieved() throws Exception {
    FakeTool.write(root, "10.11.19-MariaDB", "exit 0");
    assertThat(failure())
        .hasMessageStartingWith("mariadb-backup --prepare failed with exit status 0; ");
    FakeTool.write(root, "10.11.19-MariaDB", FakeTool.SUCCEED + "; exit 1");
    assertThat(failure())
        .hasMessageStartingWith("mariadb-backup --prepare failed with exit status 1; ");
    assertNothingCameOfIt(volume);
  }

  @Test
  void aPositionThatDoesNotReadIsNotLeftOut() throws Exception {
    TestBackup odd = BACKUP.with("xtrabackup_binlog_info", "no position".getBytes(UTF_8));
    donor.become(ScriptedDonor.giving(odd.received("mysql-0")));
    assertThat(failure()).hasMessageContaining("xtrabackup_binlog_info");
    assertNothingCameOfIt(volume);
  }

  /// Law 3. A mysql-0 that was made from a replica's data still knows the primary that it followed.
  @Test
  void thePrimarysOwnPlaceCountsWhateverItsServerRemembers() throws Exception {
    donor.become(ScriptedDonor.giving(BACKUP.ofReplica().received("mysql-0")));
    attempt();
    assertThat(coordinates()).isEqualTo("mysql-bin.000002:717959, GTID 0-100-7");
  }

  @Test
  void aReplicasPlaceIsThatInItsPrimarysHistory() throws Exception {
    donor.become(ScriptedDonor.giving(BACKUP.ofReplica().received("mysql-1")));
    variables.put("POD_NAME", "mysql-2");
    try (ScriptedDonor _ =
        new ScriptedDonor(
            "127.0.9.1",
            donor.port(),
            ScriptedDonor.giving(BACKUP.ofReplica().received("mysql-1")))) {
      newAttempt().run(PodName.parse("mysql-1"));
    }
    assertThat(coordinates()).startsWith("mysql-bin.000001:4");
  }

  @Test
  void aReplicaThatDoesNotSayWhereItStandsIsNoDonor() throws Exception {
    variables.put("POD_NAME", "mysql-2");
    try (ScriptedDonor _ =
        new ScriptedDonor(
            "127.0.9.1", donor.port(), ScriptedDonor.giving(BACKUP.received("mysql-1")))) {
      assertThat(
              catchThrowableOfType(
                  DonorException.class, () -> newAttempt().run(PodName.parse("mysql-1"))))
          .isInstanceOf(UnfitDonorException.class)
          .hasMessage(
              "the backup of mysql-1 does not say where mysql-1 stands in its primary's history");
    }
    assertNothingCameOfIt(volume);
  }

  private String coordinates() throws IOException {
    return String.valueOf(new Journal(volume.agent()).cloneManifest().orElseThrow().coordinates());
  }

  @Test
  void namesThatLeaveTheDirectoryAreRefused() throws Exception {
    byte[] stream = BACKUP.with("mysqlXXoutside", "x".getBytes(UTF_8)).received("mysql-0");
    byte[] hostile =
        new String(stream, ISO_8859_1)
            .replace("mysqlXXoutside", "a/../../target")
            .getBytes(ISO_8859_1);
    donor.become(ScriptedDonor.giving(hostile));
    assertThat(failure()).hasMessageContaining("the backup of mysql-0 broke off");
    assertThat(volume.root().resolve("target")).doesNotExist();
    assertNothingCameOfIt(volume);
  }

  @Test
  void theSizeOfTheStreamIsNoMatterOfTheAnnouncedOne() throws Exception {
    TestBackup large = TestBackup.of(3_000_000);
    donor.become(ScriptedDonor.giving(large.received("mysql-0"), Map.of("Backup-Size", "1")));
    attempt();
    large.assertWholeIn(volume.data());
    assertThat(ByteBuffer.wrap(Files.readAllBytes(volume.data().resolve("ibdata1"))).remaining())
        .isEqualTo(3_000_000);
    assertThat(List.of(volume.root().toFile().list())).containsExactlyInAnyOrder("agent", "mysql");
  }
}
