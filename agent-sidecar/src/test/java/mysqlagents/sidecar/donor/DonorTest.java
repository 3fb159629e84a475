package mysqlagents.sidecar.donor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import mysqlagents.files.Tree;
import mysqlagents.sidecar.donor.RawClient.Answer;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.DonorStatus;
import mysqlagents.wire.Json;
import mysqlagents.wire.Receipt;
import mysqlagents.xbstream.StreamDigest;
import mysqlagents.xbstream.XbstreamWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DonorTest {
  /// A backup that begins, and ends once the test says so.
  private static final String HELD =
      "echo begin; while [ ! -e $LAB/go ]; do sleep 0.05; done\n" + TestDonor.COMPLETED;

  @TempDir Path root;

  private Path streamFile() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    XbstreamWriter writer = new XbstreamWriter(bytes);
    for (int i = 0; i < 40; i++) {
      byte[] content = new byte[50_000];
      Arrays.fill(content, (byte) i);
      writer.member("db/t%d.ibd".formatted(i), content);
    }
    return Files.write(root.resolve("stream"), bytes.toByteArray());
  }

  private static byte[] receiptMember(byte[] body) throws Exception {
    String text = new String(body, StandardCharsets.ISO_8859_1);
    int begin = text.lastIndexOf("XBSTCK01", text.lastIndexOf("XBSTCK01") - 1);
    return Arrays.copyOfRange(body, begin, body.length);
  }

  private static Receipt receipt(byte[] body) throws Exception {
    byte[] member = receiptMember(body);
    String text = new String(member, StandardCharsets.UTF_8);
    assertThat(text).contains(BackupProtocol.RECEIPT_MEMBER);
    return Json.read(
        // A brace alone may be a byte of the checksum before it.
        text.substring(text.indexOf("{\n"), text.lastIndexOf('}') + 1), Receipt.class, "receipt");
  }

  @Test
  void sendsWhatTheToolWritesAndARightReceiptAfterIt() throws Exception {
    Path stream = streamFile();
    try (TestDonor donor =
        TestDonor.start(root, "cat '%s'\n%s".formatted(stream, TestDonor.COMPLETED))) {
      Answer answer = donor.get("/backup", "Backup-Recipient: mysql-2");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.isWhole()).isTrue();
      assertThat(answer.header("Transfer-Encoding")).isEqualTo("chunked");
      assertThat(answer.header("Content-Type")).isEqualTo("application/x-xbstream");
      assertThat(answer.header("Backup-Protocol")).isEqualTo("1");
      assertThat(answer.header("Backup-Tool")).isEqualTo("mariadb-backup");
      assertThat(answer.header("Backup-Tool-Version")).isEqualTo("10.11.19-MariaDB");
      assertThat(answer.header("Backup-Size")).isEqualTo("4321");
      byte[] sent = Files.readAllBytes(stream);
      int end = answer.body().length - receiptMember(answer.body()).length;
      assertThat(Arrays.copyOf(answer.body(), end)).isEqualTo(sent);
      StreamDigest digest = new StreamDigest();
      digest.update(sent, 0, sent.length);
      assertThat(receipt(answer.body()))
          .isEqualTo(
              new Receipt(
                  1,
                  answer.header("Backup-Id"),
                  "mysql-1",
                  "mariadb-backup",
                  "10.11.19-MariaDB",
                  TestDonor.SERVER_VERSION,
                  0,
                  sent.length,
                  digest.value()));
      assertThat(donor.outcome(answer.header("Backup-Id")).state()).isEqualTo("completed");
      assertThat(donor.scratch()).isEmpty();
      await()
          .untilAsserted(() ->
              assertThat(donor.counter("mysql.agents.backups", "outcome", "completed"))
                  .isEqualTo(1));
      assertThat(donor.meters.get("mysql.agents.backup").counter().count()).isEqualTo(sent.length);
    }
  }

  @Test
  void compressesWithZstdWhereTheRecipientTakesIt() throws Exception {
    Path stream = streamFile();
    try (TestDonor donor =
        TestDonor.start(root, "cat '%s'\n%s".formatted(stream, TestDonor.COMPLETED))) {
      Answer answer = donor.get("/backup", "Accept-Encoding: gzip;q=0.5, zstd");

      assertThat(answer.header("Content-Encoding")).isEqualTo("zstd");
      assertThat(answer.isWhole()).isTrue();
      byte[] sent = Files.readAllBytes(stream);
      assertThat(answer.body().length).isLessThan(sent.length / 10);
      byte[] body = new ZstdInputStream(new ByteArrayInputStream(answer.body())).readAllBytes();
      assertThat(Arrays.copyOf(body, sent.length)).isEqualTo(sent);
      assertThat(receipt(body).bytes()).isEqualTo(sent.length);
    }
  }

  @Test
  void doesNotCompressWhereZstdIsRuledOut() throws Exception {
    try (TestDonor donor = TestDonor.start(root, "echo x\n" + TestDonor.COMPLETED)) {
      assertThat(donor.get("/backup", "Accept-Encoding: zstd;q=0").header("Content-Encoding"))
          .isEmpty();
    }
  }

  @Test
  void runsTheToolWithAPrivateOptionFileAndWithoutSecretsInItsArguments() throws Exception {
    try (TestDonor donor =
        TestDonor.start(
            root,
            """
            echo "$@" > $LAB/arguments
            file=${1#--defaults-file=}
            cp "$file" $LAB/options
            stat -c %a "$file" $(dirname "$file") > $LAB/modes
            for argument in "$@"; do case $argument in
              --target-dir=*) ls -d ${argument#--target-dir=} > $LAB/target;; esac; done
            echo stream
            """
                + TestDonor.COMPLETED)) {
      assertThat(donor.get("/backup").isWhole()).isTrue();

      assertThat(Files.readString(donor.lab.resolve("arguments")))
          .startsWith("--defaults-file=" + donor.temporary)
          .contains("--backup --stream=xbstream --slave-info --parallel=2 --target-dir=")
          .doesNotContain("passw0rd");
      assertThat(Files.readString(donor.lab.resolve("options")))
          .startsWith("[client]\n")
          .contains("password=\"s3cret \\\"#'\\\\ passw0rd\"\n");
      assertThat(Files.readString(donor.lab.resolve("modes"))).isEqualTo("600\n700\n");
      assertThat(donor.lab.resolve("target")).isNotEmptyFile();
      assertThat(donor.scratch()).isEmpty();
    }
  }

  @Test
  void saysBusyToTheNextWhileABackupRuns() throws Exception {
    try (TestDonor donor = TestDonor.start(root, HELD);
        RawClient first = new RawClient(donor.port())) {
      first.askFor("/backup");
      first.read(64);

      Answer second = donor.get("/backup");

      assertThat(second.status()).isEqualTo(503);
      assertThat(second.header("Retry-After")).isEqualTo("10");
      assertThat(TestDonor.problem(second).problem())
          .isEqualTo("busy: mysql-1 is giving a backup to another pod");
      DonorStatus status = donor.status();
      assertThat(status.donating()).isTrue();
      assertThat(status.refusal()).isNull();
      assertThat(donor.running()).isEqualTo(1);
      Files.createFile(donor.lab.resolve("go"));
      assertThat(first.readAll().head()).isNotEmpty();
      await().untilAsserted(() -> assertThat(donor.status().donating()).isFalse());
      assertThat(donor.running()).isZero();
      assertThat(donor.get("/backup").status()).isEqualTo(200);
      assertThat(donor.counter("mysql.agents.backups.refused", "reason", "busy")).isEqualTo(1);
    }
  }

  /// The slot is free before the body has ended, and how long that takes is up to the recipient.
  @Test
  void aBackupThatEndsLateDoesNotHideTheOneThatRuns() throws Exception {
    try (TestDonor donor = TestDonor.start(root, HELD);
        RawClient first = new RawClient(donor.port())) {
      first.askFor("/backup");
      first.read(64);

      donor.donorMeters.ended(Ending.COMPLETED, Duration.ofSeconds(1), Duration.ZERO);

      assertThat(donor.status().donating()).isTrue();
      assertThat(donor.running()).isEqualTo(1);
      Files.createFile(donor.lab.resolve("go"));
      assertThat(first.readAll().head()).isNotEmpty();
    }
  }

  @Test
  void holdsBackToTheRateButNotWhileTheToolHoldsLocks() throws Exception {
    // The tool is a pipe of 1 MiB ahead of us when it has its locks. The 1.5 MB before that take
    // three
    // seconds at 500 kB/s; the 30 MB while locked would take minutes.
    try (TestDonor donor =
        TestDonor.start(
            root,
            new TestDonor.Limits(500_000, Duration.ofMinutes(1), Duration.ofMinutes(1)),
            """
            head -c 2500000 /dev/zero
            echo 'Acquired locks for BACKUP STAGE BLOCK_DDL' >&2
            head -c 30000000 /dev/zero
            echo 'All tables unlocked' >&2
            """
                + TestDonor.COMPLETED)) {
      long began = System.nanoTime();

      Answer answer = donor.get("/backup");

      double seconds = (System.nanoTime() - began) / 1e9;
      assertThat(answer.isWhole()).isTrue();
      assertThat(seconds).isBetween(1.5, 15.0);
      assertThat(donor.meters.get("mysql.agents.backup.throttled").counter().count())
          .isGreaterThan(1);
    }
  }

  @Test
  void saysWhoItIs() throws Exception {
    try (TestDonor donor = TestDonor.start(root, TestDonor.COMPLETED)) {
      assertThat(donor.status())
          .isEqualTo(
              new DonorStatus(
                  1,
                  "mysql-1",
                  "replica",
                  true,
                  false,
                  null,
                  TestDonor.SERVER_VERSION,
                  "mariadb",
                  "mariadb-backup",
                  "10.11.19-MariaDB",
                  4321,
                  "running",
                  0L));
    }
  }

  /// Law 4: the peers of an empty ordinal 0 ask this. A sidecar that looks at the wrong volume must
  /// not speak for a mysqld that has the set's data.
  @Test
  void neverSaysThatItHoldsNoDataWhileMysqldAnswers() throws Exception {
    try (TestDonor donor = TestDonor.start(root, TestDonor.COMPLETED)) {
      Tree.delete(donor.volume.data());
      assertThat(donor.status().holdsData()).isTrue();
      donor.serverVersion.set(Optional.empty());
      assertThat(donor.status().holdsData()).isFalse();
    }
  }
}
