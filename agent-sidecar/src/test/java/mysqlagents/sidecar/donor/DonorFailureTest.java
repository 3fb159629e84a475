package mysqlagents.sidecar.donor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import mysqlagents.sidecar.donor.RawClient.Answer;
import mysqlagents.sidecar.donor.TestDonor.Limits;
import mysqlagents.sidecar.replication.ReplicationState;
import mysqlagents.wire.BackupOutcome;
import mysqlagents.wire.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DonorFailureTest {
  /// More than all socket buffers between donor and recipient hold.
  private static final String FLOOD = "head -c 30000000 /dev/zero\n";

  @TempDir Path root;

  /// A donor whose port is in the clear; [DonorFailureOverTlsTest] runs all of this over TLS.
  TestDonor start(Limits limits, String script) throws Exception {
    return TestDonor.start(root, limits, script);
  }

  private TestDonor start(String script) throws Exception {
    return start(Limits.WIDE, script);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo '[00] Error: the disk broke' >&2; exit 1",
        "echo '[00] Error: the disk broke' >&2; exit 0",
        "echo '[00] Error: the disk broke' >&2; kill -9 $$",
        "echo 'completed OK!' >&2; echo '[00] Error: the disk broke' >&2; exit 0",
        "echo '[00] Error: the disk broke' >&2; echo 'completed OK!' >&2; exit 255",
      })
  void neverEndsTheBodyCleanlyWhenTheToolFails(String end) throws Exception {
    try (TestDonor donor = start("head -c 300000 /dev/zero\n" + end + "\n")) {
      Answer answer = donor.get("/backup");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.isWhole()).isFalse();
      assertThat(new String(answer.body(), StandardCharsets.ISO_8859_1)).doesNotContain("receipt");
      BackupOutcome outcome = donor.outcome(answer.header("Backup-Id"));
      assertThat(outcome.state()).isEqualTo("failed");
      assertThat(Objects.requireNonNull(outcome.problem()).problem())
          .contains("mariadb-backup 10.11.19-MariaDB ended with exit status")
          .contains("the disk broke");
      assertThat(donor.status().donating()).isFalse();
      assertThat(donor.scratch()).isEmpty();
      assertThat(donor.counter("mysql.agents.backups", "outcome", "tool-failed")).isEqualTo(1);
    }
  }

  @Test
  void cutsACompressedBodyToo() throws Exception {
    try (TestDonor donor = start("head -c 3000000 /dev/urandom\nexit 1\n")) {
      Answer answer = donor.get("/backup", "Accept-Encoding: zstd");

      assertThat(answer.header("Content-Encoding")).isEqualTo("zstd");
      assertThat(answer.isWhole()).isFalse();
    }
  }

  @Test
  void answersWithTheToolsOwnWordsAndNoHashWhenItFailsBeforeTheFirstByte() throws Exception {
    try (TestDonor donor =
        start(
            """
            cat >&2 <<'END'
            [00] 2026-11-22 07:16:44 Connecting to MariaDB server host: 127.0.0.1, user: lowp
            [00] 2026-11-22 07:16:44 Error: missing required privilege RELOAD on *.*
            [00] 2026-11-22 07:16:44 Error: missing required privilege PROCESS on *.*
            [00] 2026-11-22 07:16:44 Current privileges, as reported by 'SHOW GRANTS':
            [00] 2026-11-22 07:16:44   1.GRANT USAGE ON *.* TO `lowp`@`%` IDENTIFIED BY PASSWORD \
            '*23AE809DDACAF96AF0FD78ED04B6A265E05AA257'
            END
            exit 1
            """)) {
      Answer answer = donor.get("/backup");

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.isWhole()).isTrue();
      Problem problem = TestDonor.problem(answer);
      assertThat(problem.problem())
          .contains("ended with exit status 1")
          .contains("missing required privilege RELOAD")
          .contains("missing required privilege PROCESS");
      assertThat(problem.remedy()).contains("granted");
      assertThat(answer.text()).doesNotContain("23AE809");
    }
  }

  @Test
  void doesNotTakeNothingForABackup() throws Exception {
    try (TestDonor donor = start(TestDonor.COMPLETED)) {
      Answer answer = donor.get("/backup");

      assertThat(answer.status()).isEqualTo(500);
      assertThat(TestDonor.problem(answer).problem()).contains("sent nothing");
    }
  }

  @Test
  void isNotBlockedByAToolThatFloodsStandardError() throws Exception {
    try (TestDonor donor =
        start(
            """
            echo begin
            yes 'a long line of progress that nobody reads, again and again' | head -n 300000 >&2
            """
                + TestDonor.COMPLETED)) {
      assertThat(donor.get("/backup").isWhole()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // silent before the first byte, silent afterwards, in full flow
        "trap '' TERM HUP PIPE INT\nwhile :; do sleep 0.1; done\n",
        "trap '' TERM HUP PIPE INT\necho begin\nwhile :; do sleep 0.1; done\n",
        "trap '' TERM HUP PIPE INT\nwhile :; do head -c 1000000 /dev/zero; done\n",
      })
  void killsTheToolAsSoonAsTheRecipientIsGone(String script) throws Exception {
    try (TestDonor donor = start(script)) {
      try (RawClient recipient = donor.client()) {
        recipient.askFor("/backup");
        await().until(donor::toolHasBegun);
        assertThat(donor.tool()).isPresent();
      }
      // The recipient's silence would end it too, a minute later.
      await().atMost(Duration.ofSeconds(20)).until(() -> donor.tool().isEmpty());
      await().until(() -> !donor.status().donating());
      assertThat(donor.counter("mysql.agents.backups", "outcome", "recipient-gone")).isEqualTo(1);
      assertThat(donor.scratch()).isEmpty();
    }
  }

  @Test
  void killsWhatTheToolHasStarted() throws Exception {
    try (TestDonor donor = start("sleep 1000 &\necho $! > $LAB/grandchild\necho begin\nwait\n")) {
      try (RawClient recipient = donor.client()) {
        recipient.askFor("/backup");
        recipient.read(100);
        assertThat(donor.process("grandchild")).isPresent();
      }
      await().until(() -> donor.process("grandchild").isEmpty() && donor.tool().isEmpty());
    }
  }

  /// In this order: before the tool has begun, nothing is donated either.
  private static void awaitEndOfBackup(TestDonor donor) {
    await().until(() -> donor.toolHasBegun() && !donor.status().donating());
  }

  @Test
  void cutsARecipientThatTakesNothing() throws Exception {
    Limits limits = new Limits(0, Duration.ofSeconds(1), Duration.ofMinutes(1));
    try (TestDonor donor = start(limits, FLOOD + TestDonor.COMPLETED);
        RawClient recipient = donor.client()) {
      recipient.askFor("/backup");

      awaitEndOfBackup(donor);

      assertThat(donor.tool()).isEmpty();
      assertThat(donor.counter("mysql.agents.backups", "outcome", "recipient-stalled"))
          .isEqualTo(1);
      assertThat(recipient.readAll().isWhole()).isFalse();
    }
  }

  @Test
  void cutsAStalledRecipientSoonerWhileTheToolHoldsLocks() throws Exception {
    Limits limits = new Limits(0, Duration.ofMinutes(1), Duration.ofSeconds(1));
    String locked = "echo '[00] Acquired locks for BACKUP STAGE BLOCK_DDL' >&2\n";
    try (TestDonor donor = start(limits, locked + FLOOD + TestDonor.COMPLETED);
        RawClient recipient = donor.client()) {
      recipient.askFor("/backup");

      awaitEndOfBackup(donor);

      assertThat(donor.counter("mysql.agents.backups", "outcome", "recipient-stalled"))
          .isEqualTo(1);
    }
  }

  @Test
  void waitsLongerForAStalledRecipientOnceTheLocksAreReleased() throws Exception {
    Limits limits = new Limits(0, Duration.ofMinutes(1), Duration.ofSeconds(1));
    try (TestDonor donor =
            start(
                limits,
                "echo 'Acquired locks for BACKUP STAGE BLOCK_DDL' >&2\n"
                    + "echo 'All tables unlocked' >&2\necho begin\nsleep 0.3\n"
                    + FLOOD
                    + TestDonor.COMPLETED);
        RawClient recipient = donor.client()) {
      recipient.askFor("/backup");
      recipient.read(100);
      // Longer than the limit of the locked phase: nothing may happen in this time.
      Thread.sleep(2500);

      assertThat(donor.tool()).isPresent();
      assertThat(recipient.readAll().isWhole()).isTrue();
    }
  }

  @Test
  void refusesWhileMysqldDoesNotAnswer() throws Exception {
    try (TestDonor donor = start(TestDonor.COMPLETED)) {
      donor.serverVersion.set(Optional.empty());

      Answer answer = donor.get("/backup");

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("Retry-After")).isEqualTo("5");
      assertThat(TestDonor.problem(answer).problem())
          .isEqualTo("mysqld on mysql-1 does not answer");
      assertThat(donor.toolHasBegun()).isFalse();
      assertThat(donor.status().refusal()).isEqualTo("mysqld on mysql-1 does not answer");
    }
  }

  @Test
  void refusesWithoutAToolForTheServer() throws Exception {
    try (TestDonor donor = start(TestDonor.COMPLETED)) {
      donor.serverVersion.set(Optional.of("11.8.6-MariaDB"));

      Answer answer = donor.get("/backup");

      assertThat(answer.status()).isEqualTo(503);
      assertThat(TestDonor.problem(answer).problem())
          .isEqualTo(
              "mysql-1 has no backup tool for its server 11.8.6-MariaDB; it has mariadb-backup"
                  + " 10.11.19-MariaDB");
    }
  }

  @Test
  void refusesWhenItIsTooFarBehindItsPrimary() throws Exception {
    try (TestDonor donor = start(TestDonor.COMPLETED)) {
      donor.replication.set(new ReplicationState.Running(Duration.ofSeconds(601)));

      Answer answer = donor.get("/backup");

      assertThat(answer.status()).isEqualTo(503);
      assertThat(TestDonor.problem(answer).problem())
          .isEqualTo("mysql-1 is 601 s behind its primary; it donates up to 600 s");
      assertThat(donor.status().lagSeconds()).isEqualTo(601);
    }
  }

  @Test
  void refusesWhenReplicationIsBroken() throws Exception {
    try (TestDonor donor = start(TestDonor.COMPLETED)) {
      donor.replication.set(
          new ReplicationState.Broken(1062, "a row is there already", "clone it anew"));

      Answer answer = donor.get("/backup");

      assertThat(answer.status()).isEqualTo(503);
      assertThat(TestDonor.problem(answer))
          .isEqualTo(new Problem("a row is there already", "clone it anew"));
    }
  }

  @Test
  void forgetsThePasswordAsSoonAsTheToolHasBegun() throws Exception {
    try (TestDonor donor = start("echo begin\nwhile :; do sleep 0.1; done\n");
        RawClient recipient = donor.client()) {
      recipient.askFor("/backup");
      recipient.read(100);

      await().untilAsserted(() -> assertThat(optionFiles(donor)).isZero());
      assertThat(donor.tool()).isPresent();
    }
  }

  private static long optionFiles(TestDonor donor) throws Exception {
    try (var files = Files.walk(donor.temporary)) {
      return files.filter(file -> file.toString().endsWith(".cnf")).count();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HEAD /backup HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n",
        "POST /backup HTTP/1.1\r\nHost: d\r\nContent-Length: 5\r\n\r\nhello",
        "DELETE /backup HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n",
        "GET /backup HTTP/1.0\r\n\r\n",
        "GET /backup HTTP/1.1\r\n\r\n",
        "GET /backup HTTP/1.1\r\nHost: d\r\nContent-Length: 5\r\n\r\nhello",
        "GET /backup HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /backup/ HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n",
        "GET /backup HTTP/1.1 and more\r\nHost: d\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003 a TLS hello\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n",
        "GET /../../backup HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n",
      })
  void refusesHostileRequestsWithoutTakingTheSlot(String request) throws Exception {
    try (TestDonor donor = start("echo x\n" + TestDonor.COMPLETED)) {
      Answer answer = donor.say(request);

      assertThat(answer.status()).isBetween(400, 505);
      assertThat(donor.toolHasBegun()).isFalse();
      assertThat(donor.get("/backup").isWhole()).isTrue();
    }
  }

  @Test
  void namesTheWayInEveryRefusal() throws Exception {
    try (TestDonor donor = start(TestDonor.COMPLETED)) {
      assertThat(TestDonor.problem(donor.get("/nothing")))
          .isEqualTo(
              new Problem(
                  "there is no /nothing here", "ask for one of /backup, /backups/, /status"));
      Answer post = donor.say("POST /status HTTP/1.1\r\nHost: d\r\n\r\n");
      assertThat(post.status()).isEqualTo(405);
      assertThat(post.header("Allow")).isEqualTo("GET");
      assertThat(TestDonor.problem(post).remedy()).isEqualTo("use GET");
      assertThat(donor.get("/backups/none").status()).isEqualTo(404);
    }
  }

  @Test
  void finishesARunningBackupWhenItIsStopped() throws Exception {
    try (TestDonor donor = start("echo begin\nsleep 1\necho end\n" + TestDonor.COMPLETED);
        RawClient recipient = donor.client()) {
      recipient.askFor("/backup");
      await().until(donor::toolHasBegun);

      donor.donor.stop(Duration.ofSeconds(10));

      assertThat(recipient.readAll().isWhole()).isTrue();
      Answer next = donor.get("/backup");
      assertThat(next.status()).isEqualTo(503);
      assertThat(TestDonor.problem(next).problem()).contains("is being stopped");
    }
  }

  @Test
  void cutsARunningBackupWhenTheGracePeriodEnds() throws Exception {
    try (TestDonor donor = start("trap '' TERM\necho begin\nwhile :; do sleep 0.1; done\n");
        RawClient recipient = donor.client()) {
      recipient.askFor("/backup");
      byte[] begin = recipient.read(100);
      assertThat(begin).isNotEmpty();

      donor.donor.stop(Duration.ofMillis(300));

      assertThat(donor.tool()).isEmpty();
      assertThat(recipient.readAll().isWhole()).isFalse();
      assertThat(donor.counter("mysql.agents.backups", "outcome", "stopped")).isEqualTo(1);
    }
  }
}
