package mysqlagents.clone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProgressTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void saysBytesShareRateAndTimeLeft() {
    Progress.Transfer transfer = new Progress.Transfer("mysql-1", 4L << 30, 0);
    assertThat(transfer.line(1L << 30, 10 * SECOND))
        .isEqualTo(
            "received 1.0 GiB of about 4.0 GiB (25 %) from mysql-1, 102.4 MiB/s, about 30 s left");
  }

  @Test
  void saysNoMoreThanItKnows() {
    assertThat(new Progress.Transfer("mysql-1", 0, 0).line(1024, SECOND))
        .isEqualTo("received 1.0 KiB from mysql-1, 1.0 KiB/s");
    assertThat(new Progress.Transfer("mysql-1", 1024, 0).line(0, 5 * SECOND))
        .isEqualTo("received 0 B of about 1.0 KiB (0 %) from mysql-1, 0 B/s");
    // The announced size is an estimate.
    assertThat(new Progress.Transfer("mysql-1", 1024, 0).line(2048, SECOND))
        .isEqualTo("received 2.0 KiB of about 1.0 KiB (100 %) from mysql-1, 2.0 KiB/s");
  }

  @ParameterizedTest
  @CsvSource({"0, 0 s", "59, 59 s", "60, 1 min 0 s", "3599, 59 min 59 s", "7384, 2 h 3 min"})
  void timesReadLikeTimes(long seconds, String text) {
    assertThat(Progress.time(seconds)).isEqualTo(text);
  }

  @Test
  void goesOnWhileNothingHappensAndEndsWhenClosed() {
    AtomicInteger lines = new AtomicInteger();
    try (Progress _ =
        Progress.of(Duration.ofMillis(5), () -> "still here, " + lines.incrementAndGet())) {
      Awaitility.await().until(() -> lines.get() >= 3);
    }
    Awaitility.await().during(Duration.ofMillis(50)).until(() -> unchanged(lines));
  }

  private static boolean unchanged(AtomicInteger lines) throws InterruptedException {
    int before = lines.get();
    Thread.sleep(20);
    return lines.get() == before;
  }
}
