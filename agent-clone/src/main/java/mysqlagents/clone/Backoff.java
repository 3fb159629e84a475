package mysqlagents.clone;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/// How long to wait after a round in which no donor gave a clone.
final class Backoff {
  private static final Duration FIRST = Duration.ofSeconds(1);

  /// A donor that comes back is found within this.
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final RandomGenerator random;
  private int failedRounds;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /// Doubles from failure to failure. A donor that is only busy is no failure: the wait is as long
  /// as it asks for. Both are stretched at random, so that pods that wait for the same donor do not
  /// all come back at once.
  Duration after(List<DonorException> failures) {
    return failures.stream()
        .filter(DonorBusyException.class::isInstance)
        .map(DonorBusyException.class::cast)
        .map(DonorBusyException::retryAfter)
        .min(Comparator.naturalOrder())
        .map(asked -> stretched(asked, 0.25))
        .orElseGet(() -> stretched(next(), 0.5));
  }

  private Duration next() {
    Duration grown = FIRST.multipliedBy(1L << Math.min(failedRounds++, 10));
    return grown.compareTo(LONGEST) < 0 ? grown : LONGEST;
  }

  private Duration stretched(Duration duration, double most) {
    return Duration.ofMillis((long) (duration.toMillis() * (1 + random.nextDouble(most))));
  }
}
