package mysqlagents.sidecar.replication;

import java.time.Duration;

/// When to try again: at once, then after 1, 2, 4 … 60 seconds.
final class Backoff {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private int tries;
  private Duration next = Duration.ZERO;

  boolean isDue(Duration now) {
    return tries == 0 || now.compareTo(next) >= 0;
  }

  void tried(Duration now) {
    long seconds = Math.min(LONGEST.toSeconds(), 1L << Math.min(tries, 30));
    next = now.plusSeconds(seconds);
    tries++;
  }

  int tries() {
    return tries;
  }

  void reset() {
    tries = 0;
  }
}
