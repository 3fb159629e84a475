package mysqlagents.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mysqlagents.mysql.ServerVersion.Flavour;
import org.junit.jupiter.api.Test;

/// A donor whose server copies itself, and whose sidecar streams the copy.
final class DonationFailureIT extends DonorFailureContract {
  /// The copy takes a moment in which we have to be there.
  private static final int ATTEMPTS = 10;

  DonationFailureIT() throws IOException {
    super(Flavour.MYSQL);
  }

  @Override
  Waiting.Condition end() throws IOException {
    assertThat(donations()).isNotEmpty();
    return () -> donations().isEmpty();
  }

  @Test
  void aServerThatIsKilledWhileItCopiesItselfLeavesNothingOfTheCopy() throws Exception {
    freezeServerInMidCopy();
    test.pod(1).container("mysqld").kill();
    assertPodTwoComesUp();
    test.await("nothing is left of the copy", () -> donations().isEmpty());
  }

  @Test
  void aServerThatHangsWhileItCopiesItselfIsGivenUpAndAnotherDonorTaken() throws Exception {
    freezeServerInMidCopy();
    try {
      test.set().awaitReady(2, TestSet.READY_LIMIT);
    } finally {
      test.pod(1).container("mysqld").thaw();
    }
    assertThat(test.manifest(2)).contains("\"donor\": \"mysql-0\"");
    assertPodTwoComesUp();
    test.await("nothing is left of the copy", () -> donations().isEmpty());
  }

  /// mysqld hears nothing of the sidecar's end and copies for nobody.
  @Test
  void aSidecarThatIsKilledWhileItsServerCopiesItselfLeavesNothingOfTheCopy() throws Exception {
    freezeServerInMidCopy();
    Container sidecar = test.pod(1).container("agent-sidecar");
    int starts = sidecar.starts();
    sidecar.kill();
    test.await(
        "the next sidecar has cleaned up",
        () -> sidecar.starts() > starts && donations().isEmpty());
    test.pod(1).container("mysqld").thaw();
    assertPodTwoComesUp();
    test.await("nothing is left of the copy", () -> donations().isEmpty());
  }

  private void freezeServerInMidCopy() throws Exception {
    Container server = test.pod(1).container("mysqld");
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      test.set().start(2);
      long deadline = System.nanoTime() + TestSet.READY_LIMIT.toNanos();
      while (donations().isEmpty()) {
        assertThat(System.nanoTime()).as("a copy is made in time").isLessThan(deadline);
      }
      server.freeze();
      if (isUnfinished()) {
        return;
      }
      server.thaw();
      removePodTwo();
      test.await("nothing is left of the copy", () -> donations().isEmpty());
    }
    throw new AssertionError("each of %d copies was made too quickly".formatted(ATTEMPTS));
  }

  /// The redo log is what a copy ends with.
  private boolean isUnfinished() throws IOException {
    return donations().stream()
        .anyMatch(donation -> !Files.exists(donation.resolve("#innodb_redo")));
  }

  private List<Path> donations() throws IOException {
    try (var entries = Files.list(home())) {
      return entries.toList();
    }
  }

  private Path home() {
    return test.set().volume(1).resolve("donation");
  }
}
