package mysqlagents.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Law 2 and 6: a donor that fails in the middle of a backup.
final class DonorFailureIT {
  /// Slow enough that a backup of this set takes some ten seconds.
  private static final int BYTES_PER_SECOND = 8_000_000;

  private static TestSet test;

  @BeforeAll
  static void start() throws Exception {
    test = new TestSet("DonorFailureIT");
    test.set()
        .template()
        .variable("BACKUP_RATE_LIMIT_BYTES", Integer.toString(BYTES_PER_SECOND))
        .variable("STALL_LIMIT_SECONDS", "4");
    test.set().scale(1, TestSet.READY_LIMIT);
    test.fill(40_000);
    test.set().scale(2, TestSet.READY_LIMIT);
  }

  @AfterAll
  static void stop() throws Exception {
    test.close();
  }

  /// Each test clones to a new pod 2.
  @AfterEach
  void removePodTwo() throws Exception {
    if (test.set().pods().size() == 3) {
      test.set().stop(2);
    }
    test.set().deleteVolume(2);
    test.set().awaitReady(1, TestSet.READY_LIMIT);
  }

  @Test
  void aKilledSidecarLeavesNoTraceInTheClone() throws Exception {
    List<ProcessHandle> tools = startCloneFromPodOne();
    test.pod(1).container("agent-sidecar").kill();
    assertPodTwoComesUp();
    assertEnded(tools);
  }

  @Test
  void aKilledBackupToolIsNamedAndAnotherDonorTaken() throws Exception {
    startCloneFromPodOne().forEach(ProcessHandle::destroyForcibly);
    assertPodTwoComesUp();
    assertThat(test.newLog(2, "agent-clone"))
        .contains("no clone from mysql-1 now: mysql-1 says: mariadb-backup", "exit status 137");
  }

  @Test
  void aFrozenBackupToolIsGivenUpAndAnotherDonorTaken() throws Exception {
    List<ProcessHandle> tools = startCloneFromPodOne();
    for (ProcessHandle tool : tools) {
      new ProcessBuilder("sh", "-c", "kill -s STOP " + tool.pid()).start().waitFor();
    }
    assertPodTwoComesUp();
    assertThat(test.manifest(2)).contains("\"donor\": \"mysql-0\"");
    assertEnded(tools);
  }

  @Test
  void aSidecarThatIsStoppedDuringABackupLeavesNoOrphan() throws Exception {
    List<ProcessHandle> tools = startCloneFromPodOne();
    test.pod(1).container("agent-sidecar").terminate();
    assertPodTwoComesUp();
    assertEnded(tools);
  }

  @Test
  void aRecipientThatGoesAwayEndsTheBackup() throws Exception {
    List<ProcessHandle> tools = startCloneFromPodOne();
    test.set().stop(2);
    assertEnded(tools);
    test.set().awaitReady(1, TestSet.READY_LIMIT);
  }

  /// @return the donor's tool, in mid-stream
  private List<ProcessHandle> startCloneFromPodOne() throws IOException {
    test.set().start(2);
    Container donor = test.pod(1).container("agent-sidecar");
    test.await(
        "a backup is in mid-stream",
        () ->
            !donor.children("mariadb-backup").isEmpty()
                && size(test.set().volume(2).resolve("staging")) > 12_000_000);
    return donor.children("mariadb-backup");
  }

  private void assertPodTwoComesUp() throws Exception {
    test.set().awaitReady(2, TestSet.READY_LIMIT);
    test.set().awaitReady(1, TestSet.READY_LIMIT);
    test.assertAgreement();
  }

  private void assertEnded(List<ProcessHandle> tools) throws IOException {
    assertThat(tools).isNotEmpty();
    test.await("the backup tool is gone", () -> tools.stream().noneMatch(ProcessHandle::isAlive));
  }

  private static long size(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    try (var files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
