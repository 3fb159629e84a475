package mysqlagents.clone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import mysqlagents.files.Volume;
import mysqlagents.journal.Journal;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;
import mysqlagents.settings.PodName;
import mysqlagents.wire.Json;
import mysqlagents.wire.Problem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Pod 2 of a set, with pods 1 and 0 as its donors.
@Timeout(60)
final class ClonerTest {
  private static final TestBackup BACKUP = TestBackup.of(5_000).ofReplica();

  @TempDir private Path root;
  private final List<ScriptedDonor> donors = new ArrayList<>();
  private Volume volume = new Volume(Path.of(""));
  private int port;

  @BeforeEach
  void makeAVolume() throws IOException {
    volume = new Volume(Files.createDirectory(root.resolve("volume")));
    port = ScriptedDonor.freePort();
    FakeTool.succeeding(root);
  }

  @AfterEach
  void close() throws IOException {
    for (ScriptedDonor donor : donors) {
      donor.close();
    }
  }

  private ScriptedDonor pod(int ordinal, ScriptedDonor.Script script) throws IOException {
    ScriptedDonor donor = new ScriptedDonor("127.0.10." + ordinal, port, script);
    donors.add(donor);
    return donor;
  }

  private CloneResult copy(Duration limit) throws Exception {
    Map<String, String> variables = new HashMap<>();
    variables.putAll(
        Map.of(
            "POD_NAME",
            "mysql-2",
            "TLS",
            "off",
            "VOLUME_DIRECTORY",
            volume.root().toString(),
            "PEER_ADDRESS",
            "127.0.10.{ordinal}",
            "BACKUP_PORT",
            Integer.toString(port),
            "MARIADB_BACKUP_PROGRAM",
            root.resolve("mariadb-backup").toString()));
    CloneSettings settings = CloneSettings.from(variables);
    return new Cloner(
            new CloneAttempt(
                settings,
                Network.inTheClear(port),
                new Staging(volume.staging()),
                new Journal(volume.agent())),
            new Backoff(RandomGenerator.getDefault()),
            limit)
        .cloneFrom(List.of(PodName.parse("mysql-1"), PodName.parse("mysql-0")));
  }

  private static ScriptedDonor.Script giving(int ordinal) {
    return ScriptedDonor.giving(BACKUP.received("mysql-" + ordinal));
  }

  private static ScriptedDonor.Script busy() {
    return ScriptedDonor.saying(
        503, "Retry-After: 1\r\n", Json.write(new Problem("it is busy", "wait")));
  }

  @Test
  void thePodBelowIsAskedAndNobodyElse() throws Exception {
    ScriptedDonor below = pod(1, giving(1));
    ScriptedDonor primary = pod(0, giving(0));
    assertThat(copy(Duration.ZERO).donor()).isEqualTo("mysql-1");
    assertThat(below.backupsAsked()).isEqualTo(1);
    assertThat(primary.requests()).isEmpty();
  }

  @Test
  void theNextOneIsAskedAfterAFailureInTheMiddle() throws Exception {
    pod(1, ScriptedDonor.cutting(BACKUP.received("mysql-1"), 3000));
    pod(0, giving(0));
    assertThat(copy(Duration.ZERO).donor()).isEqualTo("mysql-0");
    BACKUP.assertWholeIn(volume.data());
  }

  @Test
  void aFreeDonorIsBetterThanABusyOne() throws Exception {
    pod(1, busy());
    pod(0, giving(0));
    assertThat(copy(Duration.ZERO).donor()).isEqualTo("mysql-0");
  }

  @Test
  void allBusyAreWaitedFor() throws Exception {
    ScriptedDonor below = pod(1, busy());
    ScriptedDonor primary = pod(0, busy());
    int[] answers = new int[1];
    below.become((path, out) -> (answers[0]++ < 2 ? busy() : giving(1)).answer(path, out));
    assertThat(copy(Duration.ZERO).donor()).isEqualTo("mysql-1");
    assertThat(below.backupsAsked()).isEqualTo(3);
    assertThat(primary.backupsAsked()).isEqualTo(2);
  }

  @Test
  void aDonorThatComesUpLaterIsFound() throws Exception {
    Thread later =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Thread.sleep(1500);
                pod(0, giving(0));
              } catch (IOException | InterruptedException failure) {
                throw new IllegalStateException(failure);
              }
            });
    assertThat(copy(Duration.ZERO).donor()).isEqualTo("mysql-0");
    later.join();
  }

  @Test
  void theTimeLimitEndsItWithTheLastAnswers() throws Exception {
    pod(1, ScriptedDonor.saying(500, "", Json.write(new Problem("no tool", "install it"))));
    AgentFailure failure =
        catchThrowableOfType(AgentFailure.class, () -> copy(Duration.ofMillis(1200)));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(failure)
        .hasMessage(
            "no donor gave a clone within 1 s; the last answers: mysql-1 says: no tool; mysql-0: 127.0.10.0:%d: Connection refused",
            port);
    assertThat(failure.remedy()).isEqualTo("install it");
    assertThat(volume.data()).doesNotExist();
  }

  @Test
  void endsAtOnceIfNoDonorFits() throws Exception {
    Map<String, String> old = Map.of("Backup-Tool-Version", "10.6.1-MariaDB");
    pod(1, ScriptedDonor.giving(BACKUP.received("mysql-1"), old));
    pod(0, ScriptedDonor.giving(BACKUP.received("mysql-0"), old));
    AgentFailure failure = catchThrowableOfType(AgentFailure.class, () -> copy(Duration.ZERO));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.MISCONFIGURED);
    assertThat(failure)
        .hasMessageContainingAll(
            "mysql-1 backs up with mariadb-backup 10.6.1-MariaDB, and this pod has mariadb-backup 10.11.19-MariaDB",
            "mysql-0 backs up with mariadb-backup 10.6.1-MariaDB");
  }

  @Test
  void goesOnWhileOneDonorFits() throws Exception {
    Map<String, String> old = Map.of("Backup-Tool-Version", "10.6.1-MariaDB");
    pod(1, ScriptedDonor.giving(BACKUP.received("mysql-1"), old));
    pod(0, giving(0));
    assertThat(copy(Duration.ZERO).donor()).isEqualTo("mysql-0");
  }
}
