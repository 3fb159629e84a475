package mysqlagents.clone;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// An attempt at one donor that came to nothing. Another donor may do better, or this one later.
class DonorException extends IOException {
  private static final long serialVersionUID = 1;

  private final String remedy;

  DonorException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem, cause);
    this.remedy = remedy;
  }

  DonorException(String problem, String remedy) {
    this(problem, remedy, null);
  }

  /// What to do if it does not pass by itself.
  final String remedy() {
    return remedy;
  }
}
