package mysqlagents.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import mysqlagents.sidecar.replication.ReplicationState;
import mysqlagents.sidecar.replication.ReplicationState.Broken;
import mysqlagents.sidecar.replication.ReplicationState.Connecting;
import mysqlagents.sidecar.replication.ReplicationState.Primary;
import mysqlagents.sidecar.replication.ReplicationState.Running;
import mysqlagents.sidecar.replication.ReplicationState.Stopped;
import mysqlagents.sidecar.replication.ReplicationState.Unconfigured;
import mysqlagents.sidecar.replication.ReplicationState.Unknown;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static Readiness up(ReplicationState state) {
    return new Readiness(() -> Optional.of("10.11.19-MariaDB"), () -> state, LIMIT);
  }

  @Test
  void aPrimaryIsReadyAsSoonAsMysqldAnswers() {
    assertThat(up(new Primary()).verdict().isReady()).isTrue();
    assertThat(new Readiness(Optional::empty, Primary::new, LIMIT).verdict())
        .isEqualTo(new Readiness.Verdict(false, "mysqld does not answer"));
  }

  @Test
  void aReplicaIsReadyUpToTheLimitOfItsLag() {
    assertThat(up(new Running(LIMIT)).verdict().isReady()).isTrue();
    Readiness.Verdict late = up(new Running(LIMIT.plusSeconds(1))).verdict();
    assertThat(late.isReady()).isFalse();
    assertThat(late.why()).contains("31 s behind").contains("the limit is 30 s");
  }

  @Test
  void aFrozenReplicaIsNeverReady() {
    assertThat(up(new Stopped("stopped", "start it")).verdict().isReady()).isFalse();
    assertThat(up(new Broken(1062, "a row is there already", "clone")).verdict().isReady())
        .isFalse();
    assertThat(up(new Unconfigured("no coordinates", "clone")).verdict().isReady()).isFalse();
    assertThat(up(new Unknown("not asked yet")).verdict().isReady()).isFalse();
    assertThat(up(new Connecting(Optional.empty(), "refused")).verdict().isReady()).isFalse();
    assertThat(up(new Connecting(Optional.of(LIMIT.plusSeconds(1)), "x")).verdict().isReady())
        .isFalse();
  }

  @Test
  void saysWhyNot() {
    assertThat(up(new Broken(1062, "a row is there already", "clone it anew")).verdict().why())
        .contains("a row is there already", "clone it anew");
  }

  @Test
  void isNotReadyWhileItIsStopped() {
    Readiness readiness = up(new Primary());
    readiness.stop();
    assertThat(readiness.verdict().isReady()).isFalse();
  }
}
