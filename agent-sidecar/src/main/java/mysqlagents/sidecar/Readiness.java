package mysqlagents.sidecar;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import mysqlagents.sidecar.replication.ReplicationState;

/// Whether this pod may be read from.
final class Readiness {
  private final Supplier<Optional<String>> serverVersion;
  private final Supplier<ReplicationState> replication;
  private final Duration lagLimit;
  private volatile boolean stopping;

  /// @param serverVersion empty while mysqld does not answer
  /// @param lagLimit how old data may be that is read
  Readiness(
      Supplier<Optional<String>> serverVersion,
      Supplier<ReplicationState> replication,
      Duration lagLimit) {
    this.serverVersion = serverVersion;
    this.replication = replication;
    this.lagLimit = lagLimit;
  }

  /// @param why one sentence; also where the pod is ready
  record Verdict(boolean isReady, String why) {}

  Verdict verdict() {
    if (stopping) {
      return new Verdict(false, "agent-sidecar is being stopped");
    }
    ReplicationState state = replication.get();
    boolean ready = state.isReady(lagLimit);
    // Asked anew: what the supervisor found last may be some seconds old.
    if (ready && serverVersion.get().isEmpty()) {
      return new Verdict(false, "mysqld does not answer");
    }
    boolean late = !ready && state.knownLag().isPresent();
    return new Verdict(
        ready,
        late
            ? "%s; the limit is %d s".formatted(state.describe(), lagLimit.toSeconds())
            : state.describe());
  }

  /// From here on this pod is not ready.
  void stop() {
    stopping = true;
  }
}
