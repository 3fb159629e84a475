package mysqlagents.sidecar.replication;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import mysqlagents.mysql.ReplicaStatus;
import org.jspecify.annotations.Nullable;

/// How old a replica's data is. A server's own figure cannot be taken as it is: it is NULL while
/// the primary is away, stays at 0 for a minute while the primary hangs, and is 0 for a moment
/// after each reconnection, before the first events have come.
///
/// All times are on one clock that only goes forward.
final class Freshness {
  /// Heartbeats that may be missed before silence is a cause for concern.
  private static final int HEARTBEATS_MISSED = 2;

  /// What a poll and a busy machine may add to them.
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  /// How long both threads have to run until the lag is believed.
  private static final Duration SETTLING = Duration.ofMillis(400);

  private @Nullable Duration lag;
  private Duration asOf = Duration.ZERO;

  private List<@Nullable Object> lastSigns = List.of();
  private Duration lastSignAt = Duration.ZERO;
  private Duration silenceAllowed = Duration.ZERO;

  private @Nullable Duration runningSince;

  void observe(ReplicaStatus status, Duration now) {
    noteSigns(status, now);
    if (!status.bothThreadsRun() || status.lag() == null) {
      runningSince = null;
      return;
    }
    if (runningSince == null) {
      runningSince = now;
      lastSignAt = now;
    }
    if (silence(now).isPresent()) {
      // What was known then has been ageing since the last sign of life.
      asOf = asOf.compareTo(lastSignAt) < 0 ? asOf : lastSignAt;
    } else if (!isSettling(now)) {
      lag = status.lag();
      asOf = now;
    }
  }

  /// Whatever changes when something arrives from the primary.
  private void noteSigns(ReplicaStatus status, Duration now) {
    List<@Nullable Object> signs =
        java.util.Arrays.asList(
            status.ioThread(), status.read(), status.gtid(), status.heartbeats());
    if (!signs.equals(lastSigns)) {
      lastSigns = signs;
      lastSignAt = now;
    }
    Duration period = status.heartbeatPeriod();
    silenceAllowed =
        status.heartbeats() == null || period == null
            ? Duration.ZERO
            : period.multipliedBy(HEARTBEATS_MISSED);
  }

  /// Whether both threads have only just begun to run.
  boolean isSettling(Duration now) {
    return runningSince != null && now.minus(runningSince).compareTo(SETTLING) < 0;
  }

  /// The last lag that was believed, plus the time since then; empty before the first.
  Optional<Duration> staleness(Duration now) {
    return lag == null ? Optional.empty() : Optional.of(lag.plus(now).minus(asOf));
  }

  /// How long nothing has come from a primary that both threads believe to be there; empty while
  /// that is within what heartbeats allow, and where the server has none.
  Optional<Duration> silence(Duration now) {
    Duration silence = now.minus(lastSignAt);
    return runningSince == null
            || silenceAllowed.isZero()
            || silence.compareTo(silenceAllowed.plus(TOLERANCE)) <= 0
        ? Optional.empty()
        : Optional.of(silence);
  }
}
