package mysqlagents.wire;

import java.util.Objects;

/// The body of every answer that is not a success.
///
/// @param problem what failed, and where
/// @param remedy what to do next
public record Problem(String problem, String remedy) {
  public Problem {
    Objects.requireNonNull(problem, "problem is missing");
    Objects.requireNonNull(remedy, "remedy is missing");
  }
}
