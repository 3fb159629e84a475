package mysqlagents.sidecar.replication;

import java.time.Duration;
import java.util.Optional;

/// What the supervisor last found. Probes, metrics and the donor read it; only the supervisor makes
/// it.
public sealed interface ReplicationState {
  /// mysqld does not answer, or has not been asked yet.
  record Unknown(String why) implements ReplicationState {}

  /// Ordinal 0: there is nothing to replicate.
  record Primary() implements ReplicationState {}

  /// A replica whose server holds no replication settings and for which no coordinates are known,
  /// or for which setting them up failed.
  record Unconfigured(String problem, String remedy) implements ReplicationState {}

  /// Both threads run, and the primary gives signs of life.
  ///
  /// @param lag how far behind the primary
  record Running(Duration lag) implements ReplicationState {}

  /// The primary cannot be reached now; the server keeps trying by itself.
  ///
  /// @param staleness the last known lag, plus the time since then; empty while none is known, such
  ///   as after a start of this agent
  /// @param problem what is in the way, in the server's words
  record Connecting(Optional<Duration> staleness, String problem) implements ReplicationState {}

  /// Stopped without an error that stays: by somebody's hand, or about to be started.
  record Stopped(String problem, String remedy) implements ReplicationState {}

  /// Stopped by an error that does not pass by itself.
  ///
  /// @param errorNumber the server's, such as 1062 or 1236
  record Broken(int errorNumber, String problem, String remedy) implements ReplicationState {}

  /// One word for metrics and the status document.
  default String word() {
    return switch (this) {
      case Unknown _ -> "unknown";
      case Primary _ -> "none";
      case Unconfigured _ -> "unconfigured";
      case Running _ -> "running";
      case Connecting _ -> "connecting";
      case Stopped _ -> "stopped";
      case Broken _ -> "broken";
    };
  }

  /// How far behind the primary, as far as that is known.
  default Optional<Duration> knownLag() {
    return switch (this) {
      case Running(Duration lag) -> Optional.of(lag);
      case Connecting(Optional<Duration> staleness, String _) -> staleness;
      case Primary _, Unknown _, Unconfigured _, Stopped _, Broken _ -> Optional.empty();
    };
  }

  /// Whether a pod in this state may serve reads: replication runs, or the primary has been out of
  /// reach for no longer than the lag that is allowed anyway.
  default boolean isReady(Duration lagLimit) {
    return switch (this) {
      case Primary _ -> true;
      case Running(Duration lag) -> lag.compareTo(lagLimit) <= 0;
      case Connecting(Optional<Duration> staleness, String _) ->
          staleness.isPresent() && staleness.get().compareTo(lagLimit) <= 0;
      case Unknown _, Unconfigured _, Stopped _, Broken _ -> false;
    };
  }

  /// One sentence for a log.
  default String describe() {
    return switch (this) {
      case Unknown(String why) -> "replication is unknown: " + why;
      case Primary _ -> "this pod is the primary";
      case Unconfigured(String problem, String remedy) ->
          "replication is not set up: %s; what to do: %s".formatted(problem, remedy);
      case Running(Duration lag) -> "replication runs, %d s behind".formatted(lag.toSeconds());
      case Connecting(Optional<Duration> _, String problem) ->
          "replication waits for the primary: " + problem;
      case Stopped(String problem, String remedy) ->
          "replication is stopped: %s; what to do: %s".formatted(problem, remedy);
      case Broken(int number, String problem, String remedy) ->
          "replication is broken (error %d): %s; what to do: %s".formatted(number, problem, remedy);
    };
  }
}
