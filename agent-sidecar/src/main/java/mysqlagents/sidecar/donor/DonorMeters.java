package mysqlagents.sidecar.donor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What the donor counts. All series exist from the start, so that a rate over them is right from
/// the first event on.
public final class DonorMeters {
  private final Map<Ending, Counter> endings = new EnumMap<>(Ending.class);
  private final Map<Refusal, Counter> refusals = new EnumMap<>(Refusal.class);
  private final Counter bytes;
  private final Counter throttled;
  private final Timer duration;
  private volatile BooleanSupplier running = () -> false;
  private final AtomicReference<@Nullable Instant> lastCompleted = new AtomicReference<>();

  public DonorMeters(MeterRegistry registry) {
    for (Ending ending : Ending.values()) {
      endings.put(
          ending,
          Counter.builder("mysql.agents.backups")
              .description("Backups that ended, by how")
              .tag("outcome", ending.word())
              .register(registry));
    }
    for (Refusal reason : Refusal.values()) {
      refusals.put(
          reason,
          Counter.builder("mysql.agents.backups.refused")
              .description("Backups that were asked for and not given, by why")
              .tag("reason", reason.word())
              .register(registry));
    }
    bytes =
        Counter.builder("mysql.agents.backup")
            .description("Bytes of stream that were sent, before compression")
            .baseUnit("bytes")
            .register(registry);
    throttled =
        Counter.builder("mysql.agents.backup.throttled")
            .description("How long the rate limit held backups back")
            .baseUnit("seconds")
            .register(registry);
    duration =
        Timer.builder("mysql.agents.backup.duration")
            .description("How long backups took, however they ended")
            .register(registry);
    Gauge.builder("mysql.agents.backup.running", () -> running.getAsBoolean() ? 1 : 0)
        .description("Whether a backup is running")
        .register(registry);
    TimeGauge.builder(
            "mysql.agents.backup.last.completion.timestamp",
            this::lastCompletionSeconds,
            TimeUnit.SECONDS)
        .description("When the last backup completed, in seconds since 1970")
        .register(registry);
  }

  private double lastCompletionSeconds() {
    Instant instant = lastCompleted.get();
    return instant == null ? Double.NaN : instant.toEpochMilli() / 1000.0;
  }

  /// Looked at, and not counted: one backup's last bytes are still sent when the next begins.
  ///
  /// @param slot whether a backup is running
  void watch(BooleanSupplier slot) {
    running = slot;
  }

  void sent(int length) {
    bytes.increment(length);
  }

  void refused(Refusal reason) {
    count(refusals, reason);
  }

  void ended(Ending ending, Duration took, Duration waited) {
    count(endings, ending);
    duration.record(took);
    throttled.increment(waited.toMillis() / 1000.0);
    if (ending == Ending.COMPLETED) {
      lastCompleted.set(Instant.now());
    }
  }

  private static <K extends Enum<K>> void count(Map<K, Counter> counters, K key) {
    Counter counter = counters.get(key);
    if (counter != null) {
      counter.increment();
    }
  }
}
