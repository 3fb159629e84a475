package mysqlagents.sidecar.replication;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import mysqlagents.journal.Journal;
import mysqlagents.journal.ReplicationRecord;
import mysqlagents.journal.ReplicationRecord.Step;
import mysqlagents.main.AgentMain;
import mysqlagents.mysql.ReplicaStatus;
import mysqlagents.mysql.ReplicaStatus.IoThread;
import mysqlagents.sidecar.replication.ReplicationState.Broken;
import mysqlagents.sidecar.server.NoAnswerException;
import org.jspecify.annotations.Nullable;

/// A START that the server has not taken yet. It counts a refused one as given all the same, so
/// that replication looks stopped by a person; the journal knows better, also for the next sidecar.
final class DueStart {
  private static final System.Logger LOG = System.getLogger(DueStart.class.getName());

  private final Journal journal;
  private boolean due;

  /// Whether the journal has not taken the last step, and knows less than this object.
  private boolean unwritten;

  private @Nullable Broken refusal;

  DueStart(Journal journal) {
    this.journal = journal;
  }

  /// Takes up what the set-up, or an earlier sidecar, has left in the journal.
  void recall() throws IOException {
    if (unwritten) {
      return;
    }
    due = journal.replication().map(record -> record.step() == Step.STARTING).orElse(false);
  }

  boolean isDue() {
    return due;
  }

  /// Why the server did not take it last; empty if it was not asked, or has not answered.
  Optional<Broken> refusal() {
    return Optional.ofNullable(refusal);
  }

  void wasRefused(SQLException failure) {
    refusal =
        new Broken(
            failure.getErrorCode(),
            String.valueOf(failure.getMessage()),
            "see mysqld's log for the reason; it is tried again");
  }

  /// Sends it.
  ///
  /// @return whether the server has taken it
  boolean send(Replica replica, String channel) throws SQLException {
    note(Step.STARTING);
    due = true;
    try {
      replica.start(channel);
    } catch (NoAnswerException failure) {
      throw failure;
    } catch (SQLException failure) {
      wasRefused(failure);
      return false;
    }
    settle();
    return true;
  }

  /// A person who starts one thread by hand wants the other to stand still.
  void observe(ReplicaStatus status) {
    boolean ioRuns = status.ioThread() != IoThread.STOPPED;
    if (due
        && ioRuns != status.sqlThreadRuns()
        && !status.ioError().isPresent()
        && !status.sqlError().isPresent()) {
      settle();
    }
  }

  /// It is due no more: the server has taken it, or one that a person has sent.
  void settle() {
    if (due || unwritten) {
      note(Step.STARTED);
    }
    due = false;
    refusal = null;
  }

  /// A volume that takes no more files must not keep replication from going on.
  private void note(Step step) {
    try {
      Optional<ReplicationRecord> record = journal.replication();
      if (record.isPresent()) {
        journal.write(ReplicationSetup.at(step, record.get()));
      }
      unwritten = false;
    } catch (IOException failure) {
      if (!unwritten && !Thread.currentThread().isInterrupted()) {
        LOG.log(
            WARNING,
            () ->
                "the journal does not take the step %s: %s; what to do: make room on the volume; it is tried again"
                    .formatted(step, AgentMain.withCauses(failure)));
      }
      unwritten = true;
    }
  }
}
