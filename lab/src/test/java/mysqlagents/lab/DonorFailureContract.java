package mysqlagents.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mysqlagents.mysql.ServerVersion.Flavour;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/// Law 2 and 6: a donor that fails in the middle of a backup, whatever takes it.
///
/// The donor is pod 1; each test clones to a new pod 2.
@TestInstance(Lifecycle.PER_CLASS)
abstract class DonorFailureContract {
  /// Slow enough that a backup of this set takes some ten seconds.
  private static final int BYTES_PER_SECOND = 8_000_000;

  private static final long MID_STREAM_BYTES = 12_000_000;

  final TestSet test;

  DonorFailureContract(Flavour flavour) throws IOException {
    test = new TestSet("DonorFailureIT", flavour);
  }

  /// What a backup has begun on the donor, to be asked for while it runs.
  ///
  /// @return whether nothing is left of it
  abstract Waiting.Condition end() throws IOException;

  @BeforeAll
  void start() throws Exception {
    test.set()
        .template()
        .variable("BACKUP_RATE_LIMIT_BYTES", Integer.toString(BYTES_PER_SECOND))
        // Long enough for a donor on a busy machine: it must not be given up for another one.
        .variable("STALL_LIMIT_SECONDS", "15");
    test.set().scale(1, TestSet.READY_LIMIT);
    test.fill(40_000);
    test.set().scale(2, TestSet.READY_LIMIT);
  }

  @AfterAll
  void stop() throws Exception {
    test.close();
  }

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
    Waiting.Condition end = startCloneFromPodOne();
    test.pod(1).container("agent-sidecar").kill();
    assertPodTwoComesUp();
    test.await("nothing is left of the backup", end);
  }

  @Test
  void aSidecarThatIsStoppedDuringABackupLeavesNoOrphan() throws Exception {
    Waiting.Condition end = startCloneFromPodOne();
    test.pod(1).container("agent-sidecar").terminate();
    assertPodTwoComesUp();
    test.await("nothing is left of the backup", end);
  }

  @Test
  void aRecipientThatGoesAwayEndsTheBackup() throws Exception {
    Waiting.Condition end = startCloneFromPodOne();
    test.set().stop(2);
    test.await("nothing is left of the backup", end);
    test.set().awaitReady(1, TestSet.READY_LIMIT);
  }

  /// @return whether nothing is left of the backup, which is in mid-stream
  final Waiting.Condition startCloneFromPodOne() throws IOException {
    test.set().start(2);
    test.await(
        "a backup is in mid-stream",
        () -> size(test.set().volume(2).resolve("staging")) > MID_STREAM_BYTES);
    return end();
  }

  final void assertPodTwoComesUp() throws Exception {
    test.set().awaitReady(2, TestSet.READY_LIMIT);
    test.set().awaitReady(1, TestSet.READY_LIMIT);
    test.assertAgreement();
  }

  private static long size(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    try (var files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (UncheckedIOException gone) {
      // Cleared away under the walk.
      throw gone.getCause();
    }
  }
}
