package mysqlagents.sidecar.replication;

import java.time.Duration;
import java.util.Optional;
import mysqlagents.mysql.Dialect;
import mysqlagents.mysql.ReplicaStatus;
import mysqlagents.mysql.ReplicaStatus.IoThread;
import mysqlagents.mysql.ReplicaStatus.ThreadError;
import mysqlagents.sidecar.replication.ReplicationState.Broken;
import mysqlagents.sidecar.replication.ReplicationState.Connecting;
import mysqlagents.sidecar.replication.ReplicationState.Running;
import mysqlagents.sidecar.replication.ReplicationState.Stopped;

/// What a server's status means, and what is to be done about it.
///
/// @param error the one behind it; number 0 for none
record Diagnosis(ReplicationState state, Action action, ThreadError error) {
  private static final ThreadError NONE = new ThreadError(0, "");

  enum Action {
    /// Nothing: it runs, tries by itself, or needs a person.
    LEAVE,
    /// Start it, until the server has taken it: mysqld begins each life with replication stopped.
    START,
    /// Start it again, at growing intervals.
    RETRY
  }

  /// Whether it was stopped on purpose, or by what only a person mends: then it is not for the
  /// agent to stop and start.
  boolean isLeftToAPerson() {
    return action == Action.LEAVE && !(state instanceof Running || state instanceof Connecting);
  }

  /// What is known beside the status.
  ///
  /// @param startIsDue whether mysqld has not been told to start it in this life, or has not taken
  ///   it
  /// @param staleness how old the data is; empty if that was never known
  /// @param silence how long nothing has come from the primary; empty while that is no cause for
  ///   concern
  /// @param triesAreUsedUp whether restarting has been tried often enough
  record Circumstances(
      boolean startIsDue,
      Optional<Duration> staleness,
      Optional<Duration> silence,
      boolean triesAreUsedUp) {}

  static Diagnosis of(ReplicaStatus status, Circumstances circumstances) {
    if (!status.sqlThreadRuns() && status.sqlError().isPresent()) {
      return stoppedByError(status.sqlError(), circumstances);
    }
    boolean ioStopped = status.ioThread() == IoThread.STOPPED;
    // A server that gives up on its primary leaves the SQL thread running; one whose SQL thread
    // stands as well was stopped by hand, whatever error was left behind.
    boolean gaveUp = ioStopped && status.sqlThreadRuns();
    if (ioStopped && status.ioError().isPresent()) {
      if (!ErrorGuide.isOutOfReach(status.ioError())) {
        return stoppedByError(status.ioError(), circumstances);
      }
      if (gaveUp) {
        return new Diagnosis(connecting(status, circumstances), Action.RETRY, status.ioError());
      }
    }
    if (ioStopped || !status.sqlThreadRuns()) {
      return stopped(status, circumstances);
    }
    return status.ioThread() == IoThread.RUNNING
        ? running(status, circumstances)
        : new Diagnosis(connecting(status, circumstances), Action.LEAVE, status.ioError());
  }

  private static Diagnosis running(ReplicaStatus status, Circumstances circumstances) {
    if (circumstances.silence().isPresent()) {
      return new Diagnosis(
          new Connecting(
              circumstances.staleness(),
              "nothing has come from %s for %d s, not even a heartbeat"
                  .formatted(status.host(), circumstances.silence().get().toSeconds())),
          Action.LEAVE,
          NONE);
    }
    if (circumstances.staleness().isEmpty()) {
      return new Diagnosis(
          new Connecting(Optional.empty(), "connected; how far behind is not known yet"),
          Action.LEAVE,
          NONE);
    }
    return new Diagnosis(new Running(circumstances.staleness().get()), Action.LEAVE, NONE);
  }

  private static Connecting connecting(ReplicaStatus status, Circumstances circumstances) {
    String words =
        status.ioError().isPresent()
            ? status.ioError().text()
            : "connecting to %s:%d".formatted(status.host(), status.port());
    boolean personCanHelp =
        status.ioError().isPresent() && ErrorGuide.needsAPerson(status.ioError());
    return new Connecting(
        circumstances.staleness(),
        personCanHelp
            ? "%s; what to do: %s".formatted(words, ErrorGuide.remedy(status.ioError()))
            : words);
  }

  private static Diagnosis stoppedByError(ThreadError error, Circumstances circumstances) {
    if (ErrorGuide.mayPass(error) && !circumstances.triesAreUsedUp()) {
      return new Diagnosis(
          new Stopped(error.text(), "nothing yet, for this may pass, and it is started again"),
          Action.RETRY,
          error);
    }
    return new Diagnosis(
        new Broken(error.number(), error.text(), ErrorGuide.remedy(error)), Action.LEAVE, error);
  }

  private static Diagnosis stopped(ReplicaStatus status, Circumstances circumstances) {
    if (circumstances.startIsDue()) {
      return new Diagnosis(
          new Stopped(
              "mysqld has started anew, or has not taken START yet",
              "nothing, it is being started"),
          Action.START,
          NONE);
    }
    String which =
        status.sqlThreadRuns()
            ? "its IO thread"
            : status.ioThread() == IoThread.STOPPED ? "both its threads" : "its SQL thread";
    return new Diagnosis(
        new Stopped(
            "somebody has stopped %s by hand".formatted(which),
            Dialect.START_BY_HAND + " once the reason is gone"),
        Action.LEAVE,
        NONE);
  }
}
