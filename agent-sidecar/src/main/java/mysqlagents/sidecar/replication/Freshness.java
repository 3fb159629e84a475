package mysqlagents.sidecar.replication;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import mysqlagents.mysql.ReplicaStatus;
import org.jspecify.annotations.Nullable;

/// How old a replica's data is. A server's own figure cannot be taken as it is: it is NULL while
/// the primary is away, stays at 0 for a minute while the primary hangs, and is 0 after each
/// connection until the first event has come, for which the primary may have to look through its
/// binary log.
///
/// All times are on one clock that only goes forward.
final class Freshness {
  /// Heartbeats that may be missed before silence is a cause for concern.
  private static final int HEARTBEATS_MISSED = 3;

  /// What a poll and a busy machine may add to them.
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  /// How long news of a primary is waited for whose heartbeats are rarer than that: a channel that
  /// was not set up by the agents may have them every 30 s, and reads cannot wait for so long.
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  /// How long the SQL thread is given for the first event that has come.
  private static final Duration SETTLING = Duration.ofMillis(400);

  private @Nullable Duration lag;
  private Duration asOf = Duration.ZERO;

  private List<@Nullable Object> lastSigns = List.of();
  private Duration lastSignAt = Duration.ZERO;
  private List<@Nullable Object> lastNews = List.of();

  /// Zero where the server has none.
  private Duration heartbeatPeriod = Duration.ZERO;

  /// Since when both threads run; null while they do not.
  private @Nullable Duration runningSince;

  /// When the first news came from the primary that they are connected to now.
  private @Nullable Duration heardAt;

  void observe(ReplicaStatus status, Duration now) {
    noteSigns(status, now);
    boolean news = noteNews(status);
    Duration saysServer = status.lag();
    if (!status.bothThreadsRun() || saysServer == null) {
      runningSince = null;
      heardAt = null;
      return;
    }
    if (runningSince == null) {
      runningSince = now;
      lastSignAt = now;
    } else if (heardAt == null && news) {
      heardAt = now;
    }
    if (silence(now).isPresent()) {
      // What was known then has been ageing since the last sign of life.
      asOf = asOf.compareTo(lastSignAt) < 0 ? asOf : lastSignAt;
    } else if (!isSettling(now) && (saysServer.isPositive() || isHeard(now))) {
      lag = saysServer;
      asOf = now;
    }
  }

  /// Whatever changes when something arrives from the primary.
  private void noteSigns(ReplicaStatus status, Duration now) {
    List<@Nullable Object> signs =
        Arrays.asList(status.ioThread(), status.read(), status.gtid(), status.heartbeats());
    if (!signs.equals(lastSigns)) {
      lastSigns = signs;
      lastSignAt = now;
    }
    Duration period = status.heartbeatPeriod();
    heartbeatPeriod = status.heartbeats() == null || period == null ? Duration.ZERO : period;
  }

  /// Whether an event has come, or a heartbeat: then there was no event to send. One who asks by
  /// GTID is told the binary log's name and beginning before the primary looks into it.
  private boolean noteNews(ReplicaStatus status) {
    Object event = status.usesGtid() ? status.gtid() : status.read();
    List<@Nullable Object> news = Arrays.asList(event, status.heartbeats());
    boolean isNew = !news.equals(lastNews);
    lastNews = news;
    return isNew;
  }

  /// Without heartbeats an idle primary cannot be told from one that is still searching.
  private boolean isHeard(Duration now) {
    return heardAt != null
        || heartbeatPeriod.isZero()
        || (heartbeatPeriod.compareTo(LONGEST_WAIT) > 0
            && !isRecent(runningSince, now, LONGEST_WAIT));
  }

  /// Whether the threads have only just begun to run, or to hear from the primary.
  boolean isSettling(Duration now) {
    return isRecent(runningSince, now, SETTLING) || isRecent(heardAt, now, SETTLING);
  }

  private static boolean isRecent(@Nullable Duration then, Duration now, Duration limit) {
    return then != null && now.minus(then).compareTo(limit) < 0;
  }

  /// The last lag that was believed, plus the time since then; empty before the first.
  Optional<Duration> staleness(Duration now) {
    return lag == null ? Optional.empty() : Optional.of(lag.plus(now).minus(asOf));
  }

  /// How long nothing has come from a primary that both threads believe to be there; empty while
  /// that is within what heartbeats allow, and where the server has none.
  Optional<Duration> silence(Duration now) {
    Duration silence = now.minus(lastSignAt);
    Duration allowed = heartbeatPeriod.multipliedBy(HEARTBEATS_MISSED).plus(TOLERANCE);
    return runningSince == null || heartbeatPeriod.isZero() || silence.compareTo(allowed) <= 0
        ? Optional.empty()
        : Optional.of(silence);
  }
}
