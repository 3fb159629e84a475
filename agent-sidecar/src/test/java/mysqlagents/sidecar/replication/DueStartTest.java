package mysqlagents.sidecar.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mysqlagents.journal.Journal;
import mysqlagents.journal.ReplicationRecord;
import mysqlagents.journal.ReplicationRecord.Positioning;
import mysqlagents.journal.ReplicationRecord.Step;
import mysqlagents.sidecar.donor.LogLines;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DueStartTest {
  @TempDir private Path volume;

  private Path directory;
  private Journal journal;
  private DueStart start;

  @BeforeEach
  void startsInTheJournal() throws IOException {
    directory = volume.resolve("agent");
    journal = new Journal(directory);
    journal.write(
        new ReplicationRecord(null, Step.STARTING, null, Positioning.GTID, "2026-11-28T10:00:00Z"));
    start = new DueStart(journal);
    start.recall();
  }

  private Step step() throws IOException {
    return journal.replication().orElseThrow().step();
  }

  @Test
  void isDueUntilTheServerHasTakenIt() throws Exception {
    assertThat(start.isDue()).isTrue();
    start.observe(Statuses.neverStarted());
    assertThat(start.isDue()).isTrue();
    start.settle();
    assertThat(start.isDue()).isFalse();
    assertThat(step()).isEqualTo(Step.STARTED);
    start.recall();
    assertThat(start.isDue()).isFalse();
  }

  @Test
  void isNotDueWhereAPersonHasStartedOneThread() throws Exception {
    start.observe(Statuses.threads(false, true));
    assertThat(start.isDue()).isFalse();
    assertThat(step()).isEqualTo(Step.STARTED);
  }

  @Test
  void isStillDueWhereAThreadHasFailed() throws Exception {
    start.observe(Statuses.sqlError(1205, "Lock wait timeout exceeded"));
    start.observe(Statuses.ioError(2003, "Can't connect"));
    assertThat(start.isDue()).isTrue();
    assertThat(step()).isEqualTo(Step.STARTING);
  }

  /// Else the next sidecar, or this one after a pause of mysqld's, would undo a person's STOP.
  @Test
  void makesUpForWhatTheJournalDidNotTake() throws Exception {
    Path away = volume.resolve("away");
    Files.move(directory, away);
    Files.createFile(directory);
    try (LogLines log = LogLines.of("mysqlagents.sidecar.replication")) {
      for (int look = 0; look < 3; look++) {
        start.settle();
        start.recall();
      }
      assertThat(start.isDue()).isFalse();
      assertThat(log.lines())
          .filteredOn(line -> line.startsWith("the journal does not take the step STARTED: "))
          .hasSize(1);
    }
    Files.delete(directory);
    Files.move(away, directory);
    start.recall();
    assertThat(start.isDue()).isFalse();
    start.settle();
    assertThat(step()).isEqualTo(Step.STARTED);
  }
}
