package mysqlagents.k8s;

import java.io.IOException;

/// The cluster does not show what it should.
final class StepFailure extends IOException {
  private static final long serialVersionUID = 1;

  StepFailure(String message) {
    super(message);
  }

  static void unless(boolean condition, String message) throws StepFailure {
    if (!condition) {
      throw new StepFailure(message);
    }
  }
}
