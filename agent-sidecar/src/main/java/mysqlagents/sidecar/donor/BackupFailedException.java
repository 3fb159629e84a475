package mysqlagents.sidecar.donor;

import java.io.IOException;
import mysqlagents.wire.Problem;
import org.jspecify.annotations.Nullable;

/// A backup that did not complete.
public final class BackupFailedException extends IOException {
  private static final long serialVersionUID = 1;

  private final Ending ending;
  private final String remedy;

  BackupFailedException(Ending ending, Problem problem, @Nullable Throwable cause) {
    super(problem.problem(), cause);
    this.ending = ending;
    this.remedy = problem.remedy();
  }

  BackupFailedException(Ending ending, Problem problem) {
    this(ending, problem, null);
  }

  Ending ending() {
    return ending;
  }

  Problem problem() {
    return new Problem(String.valueOf(getMessage()), remedy);
  }
}
