package mysqlagents.sidecar.donor;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Holds a backup back to a number of bytes each second, but for the times when it has to hurry.
final class Throttle {
  /// How much time's worth of bytes may follow at once on a pause.
  private static final long BURST_NANOS = Duration.ofMillis(200).toNanos();

  /// How soon a wait notices that it is lifted.
  private static final long NAP_NANOS = Duration.ofMillis(20).toNanos();

  private final long bytesPerSecond;
  private final BooleanSupplier lifted;

  /// When the bytes so far will have been paid for, by [System#nanoTime()].
  private long paidAt = System.nanoTime();

  private long waitedNanos;

  /// @param bytesPerSecond 0 for no limit
  /// @param lifted while true, nothing waits
  Throttle(long bytesPerSecond, BooleanSupplier lifted) {
    this.bytesPerSecond = bytesPerSecond;
    this.lifted = lifted;
  }

  /// Returns when `bytes` may be sent.
  void spend(int bytes) throws InterruptedException {
    if (bytesPerSecond == 0) {
      return;
    }
    long begin = System.nanoTime();
    paidAt = Math.max(paidAt, begin - BURST_NANOS);
    long now = begin;
    while (now < paidAt && !lifted.getAsBoolean()) {
      Thread.sleep(Duration.ofNanos(Math.min(NAP_NANOS, paidAt - now)));
      now = System.nanoTime();
    }
    waitedNanos += now - begin;
    // What was sent while lifted is not paid for afterwards.
    paidAt = Math.min(paidAt, now) + (long) (bytes * 1e9 / bytesPerSecond);
  }

  Duration waited() {
    return Duration.ofNanos(waitedNanos);
  }
}
