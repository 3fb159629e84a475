package mysqlagents.clone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class BackoffTest {
  private static DonorException failure() {
    return new DonorException("cut", "look");
  }

  private static DonorException busy(int seconds) {
    return new DonorBusyException("busy", "wait", Duration.ofSeconds(seconds));
  }

  @Test
  void growsFromASecondToHalfAMinuteAndNoFurther() {
    Backoff backoff = new Backoff(RandomGenerator.of("L64X128MixRandom"));
    long[] expected = {1, 2, 4, 8, 16, 30, 30, 30, 30, 30, 30, 30, 30, 30};
    for (long seconds : expected) {
      assertThat(backoff.after(List.of(failure())))
          .isBetween(Duration.ofSeconds(seconds), Duration.ofMillis(seconds * 1500));
    }
  }

  @Test
  void aBusyDonorIsAskedAgainWhenItSaidAndIsNoFailure() {
    Backoff backoff = new Backoff(RandomGenerator.of("L64X128MixRandom"));
    for (int i = 0; i < 20; i++) {
      assertThat(backoff.after(List.of(failure(), busy(9), busy(4))))
          .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(5));
    }
    assertThat(backoff.after(List.of(failure())))
        .isBetween(Duration.ofSeconds(1), Duration.ofMillis(1500));
  }

  @Test
  void twoPodsDoNotComeBackTogether() {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    assertThat(
            List.of(
                new Backoff(random).after(List.of(busy(30))),
                new Backoff(random).after(List.of(busy(30))),
                new Backoff(random).after(List.of(busy(30)))))
        .doesNotHaveDuplicates();
  }
}
