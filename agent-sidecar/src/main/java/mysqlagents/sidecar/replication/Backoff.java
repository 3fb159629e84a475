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
    next = now.plus(after(tries));
    tries++;
  }

  /// Another try was in vain, and took its time: how long to wait from its end.
  Duration triedInVain() {
    Duration pause = tries == 0 ? Duration.ZERO : after(tries - 1);
    tries++;
    return pause;
  }

  private static Duration after(int tries) {
    return Duration.ofSeconds(Math.min(LONGEST.toSeconds(), 1L << Math.min(tries, 30)));
  }

  int tries() {
    return tries;
  }

  void reset() {
    tries = 0;
  }
}
