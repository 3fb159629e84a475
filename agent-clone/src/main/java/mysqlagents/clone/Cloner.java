package mysqlagents.clone;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;
import mysqlagents.settings.PodName;

/// Asks one donor after the other, round after round, until one gives a clone. A busy donor is not
/// waited for while another one may be free.
final class Cloner {
  private static final System.Logger LOG = System.getLogger(Cloner.class.getName());

  private final CloneAttempt attempt;
  private final Backoff backoff;
  private final Duration timeLimit;
  private final long start = System.nanoTime();

  /// What was last logged of each donor: an hour of the same trouble is one line.
  private final Map<PodName, String> logged = new HashMap<>();

  /// @param timeLimit after which no new round begins; zero is none
  Cloner(CloneAttempt attempt, Backoff backoff, Duration timeLimit) {
    this.attempt = attempt;
    this.backoff = backoff;
    this.timeLimit = timeLimit;
  }

  /// @param donors in the order in which they are asked
  CloneResult cloneFrom(List<PodName> donors) throws AgentFailure, InterruptedException {
    while (true) {
      List<DonorException> failures = new ArrayList<>();
      for (PodName donor : donors) {
        Optional<CloneResult> result = ask(donor, failures);
        if (result.isPresent()) {
          return result.get();
        }
      }
      requireHope(failures);
      Duration pause = backoff.after(failures);
      requireTime(pause, failures);
      LOG.log(DEBUG, () -> "asking again in %d ms".formatted(pause.toMillis()));
      Thread.sleep(pause);
    }
  }

  private Optional<CloneResult> ask(PodName donor, List<DonorException> failures)
      throws AgentFailure, InterruptedException {
    try {
      return Optional.of(attempt.run(donor));
    } catch (DonorException failure) {
      failures.add(failure);
      log(donor, failure);
      return Optional.empty();
    }
  }

  private void log(PodName donor, DonorException failure) {
    String text = "no clone from %s now: %s".formatted(donor, failure.getMessage());
    System.Logger.Level level =
        text.equals(logged.put(donor, text))
            ? DEBUG
            : failure instanceof DonorBusyException ? INFO : WARNING;
    LOG.log(level, () -> text);
  }

  /// Ends if every donor's answer was one that time does not change.
  private static void requireHope(List<DonorException> failures) throws AgentFailure {
    if (failures.stream().allMatch(UnfitDonorException.class::isInstance)) {
      throw new AgentFailure(
          ExitCode.MISCONFIGURED, all(failures), failures.getFirst().remedy(), null);
    }
  }

  private void requireTime(Duration pause, List<DonorException> failures) throws AgentFailure {
    Duration then = Duration.ofNanos(System.nanoTime() - start).plus(pause);
    if (timeLimit.isPositive() && then.compareTo(timeLimit) > 0) {
      throw new AgentFailure(
          ExitCode.FAILED,
          "no donor gave a clone within %s; the last answers: %s"
              .formatted(Progress.time(timeLimit.toSeconds()), all(failures)),
          failures.getFirst().remedy(),
          failures.getFirst());
    }
  }

  private static String all(List<DonorException> failures) {
    return failures.stream()
        .map(Throwable::getMessage)
        .distinct()
        .collect(Collectors.joining("; "));
  }
}
