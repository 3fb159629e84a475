package mysqlagents.sidecar.donor;

import java.time.Duration;
import java.util.Locale;

/// Why a backup is not given now, and when it makes sense to ask again.
enum Refusal {
  /// Another backup is running.
  BUSY(10),
  /// mysqld does not answer.
  SERVER_DOWN(5),
  /// No backup tool fits the server; only another image mends that.
  NO_TOOL(300),
  /// A replica that does not replicate, or lags too far behind.
  STALE(30),
  /// The sidecar is being stopped.
  STOPPING(30);

  private final Duration retryAfter;

  Refusal(int retryAfterSeconds) {
    this.retryAfter = Duration.ofSeconds(retryAfterSeconds);
  }

  Duration retryAfter() {
    return retryAfter;
  }

  /// As it appears in metrics: `server-down`.
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
