package mysqlagents.sidecar.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void waitsLongerEachTimeUpToAMinute() {
    Backoff backoff = new Backoff();
    List<Long> at = new ArrayList<>();
    for (long second = 0; second < 300; second++) {
      if (backoff.isDue(Duration.ofSeconds(second))) {
        at.add(second);
        backoff.tried(Duration.ofSeconds(second));
      }
    }
    assertThat(at).containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L, 123L, 183L, 243L);
    assertThat(backoff.tries()).isEqualTo(10);
  }

  /// What takes seconds to fail would use up a pause that is counted from its begin.
  @Test
  void countsAPauseFromTheEndOfATryThatTookItsTime() {
    Backoff backoff = new Backoff();
    List<Long> pauses = new ArrayList<>();
    for (int look = 0; look < 9; look++) {
      pauses.add(backoff.triedInVain().toSeconds());
    }
    assertThat(pauses).containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
    backoff.reset();
    assertThat(backoff.triedInVain()).isZero();
  }

  @Test
  void isDueAtOnceAfterAReset() {
    Backoff backoff = new Backoff();
    backoff.tried(Duration.ofSeconds(5));
    assertThat(backoff.isDue(Duration.ofSeconds(5))).isFalse();
    backoff.reset();
    assertThat(backoff.isDue(Duration.ofSeconds(5))).isTrue();
  }
}
