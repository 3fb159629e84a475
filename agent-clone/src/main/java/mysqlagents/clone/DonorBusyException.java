package mysqlagents.clone;

import java.time.Duration;

/// The donor asks to come back later, which is no failure.
final class DonorBusyException extends DonorException {
  private static final long serialVersionUID = 1;

  private final Duration retryAfter;

  DonorBusyException(String problem, String remedy, Duration retryAfter) {
    super(problem, remedy);
    this.retryAfter = retryAfter;
  }

  Duration retryAfter() {
    return retryAfter;
  }
}
