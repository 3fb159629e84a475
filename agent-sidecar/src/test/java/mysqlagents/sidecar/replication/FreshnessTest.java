package mysqlagents.sidecar.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import mysqlagents.mysql.ReplicaStatus;
import org.junit.jupiter.api.Test;

class FreshnessTest {
  private final Freshness freshness = new Freshness();

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  /// Both threads have been running for 2 s, and the primary has been heard 1 s ago.
  private void runSettled(long at, ReplicaStatus status) {
    freshness.observe(Statuses.running(0, 0), seconds(at - 2));
    freshness.observe(status, seconds(at - 1));
    freshness.observe(status, seconds(at));
  }

  @Test
  void isUnknownAtFirst() {
    assertThat(freshness.staleness(seconds(5))).isEmpty();
    freshness.observe(Statuses.connecting(2003, "no"), seconds(5));
    assertThat(freshness.staleness(seconds(500))).isEmpty();
  }

  @Test
  void isTheLagWhileItRuns() {
    runSettled(10, Statuses.running(3, 1));
    assertThat(freshness.staleness(seconds(10))).contains(seconds(3));
  }

  @Test
  void growsWhileThePrimaryIsAway() {
    runSettled(10, Statuses.running(3, 1));
    freshness.observe(Statuses.connecting(2003, "no"), seconds(40));
    assertThat(freshness.staleness(seconds(40))).contains(seconds(33));
    freshness.observe(Statuses.ioError(1236, "purged"), seconds(100));
    assertThat(freshness.staleness(seconds(100))).contains(seconds(93));
  }

  @Test
  void doesNotBelieveTheFirstZeroAfterAReconnection() {
    runSettled(10, Statuses.running(3, 1));
    freshness.observe(Statuses.connecting(2003, "no"), seconds(500));
    freshness.observe(Statuses.running(0, 1), seconds(600));
    assertThat(freshness.isSettling(seconds(600))).isTrue();
    assertThat(freshness.staleness(seconds(600))).contains(seconds(593));
    freshness.observe(Statuses.running(590, 1), seconds(601));
    assertThat(freshness.staleness(seconds(601))).contains(seconds(590));
  }

  @Test
  void believesAZeroOnlyOnceThePrimaryWasHeardAndTheSqlThreadHadTime() {
    freshness.observe(Statuses.running(0, 1), seconds(10));
    freshness.observe(Statuses.running(0, 1), seconds(12));
    assertThat(freshness.staleness(seconds(12))).isEmpty();
    freshness.observe(Statuses.running(0, 2), seconds(13));
    assertThat(freshness.isSettling(seconds(13))).isTrue();
    assertThat(freshness.staleness(seconds(13))).isEmpty();
    freshness.observe(Statuses.running(0, 2), seconds(14));
    assertThat(freshness.staleness(seconds(14))).contains(seconds(0));
    // From the next connection on, the same.
    freshness.observe(Statuses.connecting(2003, "no"), seconds(20));
    freshness.observe(Statuses.running(0, 3), seconds(30));
    freshness.observe(Statuses.running(0, 3), seconds(32));
    assertThat(freshness.staleness(seconds(32))).contains(seconds(18));
  }

  @Test
  void doesNotWaitForHeartbeatsThatAreRare() {
    ReplicaStatus rare = Statuses.running(0, 2).withHeartbeats(2, Duration.ofSeconds(30));
    freshness.observe(rare, seconds(10));
    freshness.observe(rare, seconds(19));
    assertThat(freshness.staleness(seconds(19))).isEmpty();
    freshness.observe(rare, seconds(20));
    assertThat(freshness.staleness(seconds(20))).contains(seconds(0));
  }

  @Test
  void doesNotTakeTheNameOfALogForNews() {
    freshness.observe(Statuses.runningAt(100), seconds(10));
    freshness.observe(Statuses.runningAt(4), seconds(11));
    freshness.observe(Statuses.runningAt(4), seconds(12));
    assertThat(freshness.staleness(seconds(12))).isEmpty();
  }

  @Test
  void believesWhatIsNoZeroBeforeThePrimaryWasHeard() {
    freshness.observe(Statuses.running(7, 1), seconds(10));
    freshness.observe(Statuses.running(7, 1), seconds(11));
    assertThat(freshness.staleness(seconds(11))).contains(seconds(7));
  }

  @Test
  void doesNotBelieveAZeroWithoutHeartbeats() {
    runSettled(10, Statuses.running(0, 1));
    freshness.observe(Statuses.running(0, 2), seconds(14));
    assertThat(freshness.silence(seconds(20))).isEmpty();
    freshness.observe(Statuses.running(0, 2), seconds(25));
    assertThat(freshness.silence(seconds(25))).isEmpty();
    // Three heartbeats of 3 s, and 2 s.
    freshness.observe(Statuses.running(0, 2), seconds(27));
    assertThat(freshness.silence(seconds(27))).contains(seconds(13));
    assertThat(freshness.staleness(seconds(27))).contains(seconds(13));
    freshness.observe(Statuses.running(0, 2), seconds(40));
    assertThat(freshness.staleness(seconds(40))).contains(seconds(26));
    // It is back.
    freshness.observe(Statuses.running(0, 3), seconds(41));
    assertThat(freshness.silence(seconds(41))).isEmpty();
    assertThat(freshness.staleness(seconds(41))).contains(seconds(0));
  }

  @Test
  void makesNothingOfSilenceWhereHeartbeatsAreOff() {
    ReplicaStatus off = Statuses.running(0, 2).withHeartbeats(2, Duration.ZERO);
    freshness.observe(off, seconds(9));
    freshness.observe(off, seconds(10));
    assertThat(freshness.staleness(seconds(10))).contains(seconds(0));
    freshness.observe(off, seconds(1000));
    assertThat(freshness.silence(seconds(1000))).isEmpty();
  }
}
