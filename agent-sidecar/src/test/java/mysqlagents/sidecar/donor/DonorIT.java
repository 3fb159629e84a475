package mysqlagents.sidecar.donor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mysqlagents.sidecar.SidecarProcess;
import mysqlagents.sidecar.donor.RawClient.Answer;
import mysqlagents.testbed.MariaDbServer;
import mysqlagents.wire.BackupOutcome;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.Json;
import mysqlagents.wire.Problem;
import mysqlagents.wire.Receipt;
import mysqlagents.xbstream.StreamDigest;
import mysqlagents.xbstream.XbstreamWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// agent-sidecar as a process, beside a real server.
class DonorIT {
  /// What an option file could misread.
  private static final String NASTY = "p#a;s 's\\w\\n\"o%r=d[x] ";

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static MariaDbServer server;

  @TempDir Path directory;

  @BeforeAll
  static void startAServerWithSomeData() throws Exception {
    server = MariaDbServer.builder().binlog(true).start();
    server.execute(
        "CREATE DATABASE test",
        "CREATE TABLE test.t (n INT PRIMARY KEY, s VARCHAR(200))",
        "INSERT INTO test.t SELECT seq, REPEAT('x', 200) FROM test.seq_1_to_20000",
        "CREATE USER 'nasty'@'%' IDENTIFIED BY '"
            + NASTY.replace("\\", "\\\\").replace("'", "\\'")
            + "'",
        "GRANT RELOAD, PROCESS, LOCK TABLES, BINLOG MONITOR, SLAVE MONITOR ON *.* TO 'nasty'@'%'",
        "CREATE USER 'low'@'%' IDENTIFIED BY 'low-password'");
  }

  @AfterAll
  static void stopTheServer() throws Exception {
    server.close();
  }

  private SidecarProcess sidecar(String user, String password, Map<String, String> more)
      throws IOException {
    Path file = Files.writeString(directory.resolve("password"), password + "\n");
    Map<String, String> settings = new HashMap<>();
    settings.put("MYSQL_HOST", server.address());
    settings.put("MYSQL_PORT", Integer.toString(server.port()));
    settings.put("MANAGE_ACCOUNTS", "false");
    for (String account : List.of("MYSQL", "BACKUP", "REPLICATION")) {
      settings.put(account + "_USER", user);
      settings.put(account + "_PASSWORD_FILE", file.toString());
    }
    settings.putAll(more);
    SidecarProcess sidecar = new SidecarProcess(directory, settings);
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() -> sidecar.manage("/readyz").statusCode() == 200);
    return sidecar;
  }

  /// A tool that streams a little and then does nothing, whatever happens.
  private Map<String, String> hangingTool() throws IOException {
    Path program = directory.resolve("hanging-backup");
    Files.writeString(
        program,
        """
        #!/bin/sh
        if [ "$1" = --version ]; then
          echo 'mariadb-backup based on MariaDB server %s x (x86_64)'; exit 0
        fi
        trap '' TERM HUP INT PIPE
        echo $$ > '%s/pid'
        echo begin
        while :; do sleep 0.2; done
        """
            .formatted(version(), directory));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return Map.of("MARIADB_BACKUP_PROGRAM", program.toString(), "GRACE_SECONDS", "1");
  }

  private static String version() {
    try {
      return String.valueOf(server.value("SELECT VERSION()"))
          .replaceFirst("-MariaDB.*", "-MariaDB");
    } catch (java.sql.SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private ProcessHandle tool() throws IOException {
    Path pid = directory.resolve("pid");
    await().atMost(LIMIT).until(() -> Files.exists(pid) && Files.size(pid) > 0);
    return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
  }

  private static int run(Path in, Path stdin, String... command) throws Exception {
    return new ProcessBuilder(command)
        .directory(in.toFile())
        .redirectInput(stdin.toFile())
        .inheritIO()
        .redirectInput(stdin.toFile())
        .start()
        .waitFor();
  }

  @Test
  void aRealBackupIsReadByMbstreamAndCarriesARightReceipt() throws Exception {
    try (SidecarProcess sidecar = sidecar("root", server.rootPassword(), Map.of())) {
      Answer answer = RawClient.get(sidecar.backupPort, "/backup", "Backup-Recipient: mysql-1");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.isWhole()).isTrue();
      Path stream = Files.write(directory.resolve("stream"), answer.body());
      Path unpacked = Files.createDirectory(directory.resolve("unpacked"));
      assertThat(run(unpacked, stream, "mbstream", "-x")).isZero();
      assertThat(unpacked.resolve("test/t.ibd")).isNotEmptyFile();
      assertThat(unpacked.resolve("xtrabackup_info")).isNotEmptyFile();
      byte[] text = Files.readAllBytes(unpacked.resolve(BackupProtocol.RECEIPT_MEMBER));
      ByteArrayOutputStream member = new ByteArrayOutputStream();
      new XbstreamWriter(member).member(BackupProtocol.RECEIPT_MEMBER, text);
      int end = answer.body().length - member.size();
      StreamDigest digest = new StreamDigest();
      digest.update(answer.body(), 0, end);
      Receipt receipt = Json.read(new String(text, StandardCharsets.UTF_8), Receipt.class, "r");
      assertThat(receipt.bytes()).isEqualTo(end);
      assertThat(receipt.digest()).isEqualTo(digest.value());
      assertThat(receipt.backupId()).isEqualTo(answer.header("Backup-Id"));
      assertThat(receipt.serverVersion()).isEqualTo(server.value("SELECT VERSION()"));
      assertThat(run(unpacked, stream, "mariadb-backup", "--prepare", "--target-dir=" + unpacked))
          .isZero();
      assertThat(sidecar.manage("/metrics").body())
          .contains("mysql_agents_backups_total{outcome=\"completed\"} 1.0");
    }
  }

  @Test
  void aPasswordMayHoldWhateverAnOptionFileCouldMisread() throws Exception {
    try (SidecarProcess sidecar = sidecar("nasty", NASTY, Map.of())) {
      Answer answer = RawClient.get(sidecar.backupPort, "/backup");

      assertThat(answer.status())
          .as(answer.head() + answer.text().lines().limit(9).toList())
          .isEqualTo(200);
      assertThat(answer.isWhole()).isTrue();
      assertThat(sidecar.log()).doesNotContain(NASTY);
    }
  }

  /// The tool has one try, so what it is given has been tried before.
  @Test
  void theToolIsGivenThePasswordThatTheServerTakes() throws Exception {
    String file = "not-known-yet\n" + server.rootPassword();
    try (SidecarProcess sidecar = sidecar("root", file, Map.of())) {
      assertThat(RawClient.get(sidecar.backupPort, "/backup").isWhole()).isTrue();
    }
  }

  @Test
  void saysThatTheServerRefusesTheToolsAccount() throws Exception {
    Path wrong = Files.writeString(directory.resolve("wrong"), "wrong-one\nwrong-two\n");
    Map<String, String> settings = Map.of("BACKUP_PASSWORD_FILE", wrong.toString());
    try (SidecarProcess sidecar = sidecar("root", server.rootPassword(), settings)) {
      Answer answer = RawClient.get(sidecar.backupPort, "/backup");

      assertThat(answer.status()).isEqualTo(500);
      Problem problem = TestDonor.problem(answer);
      assertThat(problem.problem())
          .startsWith("the backup tool cannot log in: mysqld at ")
          .contains("refuses 'root': Access denied");
      assertThat(problem.remedy()).contains("BACKUP_PASSWORD_FILE");
      assertThat(answer.text() + sidecar.log())
          .doesNotContain("wrong-one")
          .doesNotContain("wrong-two");
    }
  }

  @Test
  void missingPrivilegesAreToldWithoutAHash() throws Exception {
    try (SidecarProcess sidecar = sidecar("low", "low-password", Map.of())) {
      Answer answer = RawClient.get(sidecar.backupPort, "/backup");

      assertThat(answer.status()).isEqualTo(500);
      Problem problem = TestDonor.problem(answer);
      assertThat(problem.problem()).contains("missing required privilege RELOAD");
      String hash =
          String.valueOf(
              server.value("SELECT authentication_string FROM mysql.user WHERE user = 'low'"));
      assertThat(hash).startsWith("*");
      assertThat(answer.text()).doesNotContain(hash.substring(1));
      assertThat(sidecar.log())
          .contains("missing required privilege RELOAD")
          .doesNotContain(hash.substring(1))
          .doesNotContain("low-password");
    }
  }

  @Test
  void theServersDeathInMidStreamIsToldToTheRecipient() throws Exception {
    try (MariaDbServer victim = MariaDbServer.builder().start()) {
      victim.execute(
          "CREATE DATABASE test",
          "CREATE TABLE test.t (s LONGBLOB)",
          "INSERT INTO test.t SELECT REPEAT('x', 1000000) FROM test.seq_1_to_60");
      Map<String, String> settings =
          Map.of(
              "MYSQL_PORT", Integer.toString(victim.port()),
              "MYSQL_HOST", victim.address(),
              "BACKUP_RATE_LIMIT_BYTES", "10000000");
      try (SidecarProcess sidecar = sidecar("root", victim.rootPassword(), settings);
          RawClient recipient = new RawClient(sidecar.backupPort)) {
        recipient.askFor("/backup");
        byte[] begin = recipient.read(1_000_000);
        victim.kill();

        Answer rest = recipient.readAll();

        assertThat(rest.isWhole()).isFalse();
        String id = Answer.of(begin).header("Backup-Id");
        BackupOutcome outcome =
            Json.read(
                RawClient.get(sidecar.backupPort, "/backups/" + id).text(),
                BackupOutcome.class,
                "outcome");
        assertThat(outcome.state()).isEqualTo("failed");
        assertThat(Objects.requireNonNull(outcome.problem()).problem()).contains("gone away");
      }
    }
  }

  @Test
  void sigtermDuringABackupCutsItAndLeavesNoOrphan() throws Exception {
    try (SidecarProcess sidecar = sidecar("root", server.rootPassword(), hangingTool());
        RawClient recipient = new RawClient(sidecar.backupPort)) {
      recipient.askFor("/backup");
      ProcessHandle tool = tool();
      recipient.read(100);

      sidecar.process.terminate();

      assertThat(sidecar.process.waitFor(LIMIT)).isZero();
      assertThat(tool.isAlive()).isFalse();
      assertThat(recipient.readAll().isWhole()).isFalse();
      assertThat(sidecar.log())
          .contains("was stopped and could not wait longer than 1 s", "stopped");
      assertThat(scratch()).isZero();
    }
  }

  @Test
  void sigkillOfTheSidecarKillsASilentTool() throws Exception {
    try (SidecarProcess sidecar = sidecar("root", server.rootPassword(), hangingTool());
        RawClient recipient = new RawClient(sidecar.backupPort)) {
      recipient.askFor("/backup");
      ProcessHandle tool = tool();
      recipient.read(100);
      assertThat(scratch()).isEqualTo(1);

      sidecar.process.kill();

      await().atMost(Duration.ofSeconds(5)).until(() -> !tool.isAlive());
      assertThat(recipient.readAll().isWhole()).isFalse();
    }
    try (SidecarProcess next = sidecar("root", server.rootPassword(), Map.of())) {
      assertThat(scratch()).as("after the next start").isZero();
      assertThat(RawClient.get(next.backupPort, "/backup").isWhole()).isTrue();
    }
  }

  private long scratch() throws IOException {
    try (var files = Files.walk(directory.resolve("tmp"), 2)) {
      return files.filter(file -> file.getFileName().toString().startsWith("backup-")).count();
    }
  }
}
