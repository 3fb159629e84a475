package mysqlagents.sidecar.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import mysqlagents.sidecar.replication.ReplicationState.Broken;
import mysqlagents.sidecar.replication.ReplicationState.Connecting;
import mysqlagents.sidecar.replication.ReplicationState.Primary;
import mysqlagents.sidecar.replication.ReplicationState.Running;
import mysqlagents.sidecar.replication.ReplicationState.Stopped;
import mysqlagents.sidecar.replication.ReplicationState.Unconfigured;
import mysqlagents.sidecar.replication.ReplicationState.Unknown;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReplicationStateTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  static Stream<ReplicationState> ready() {
    return Stream.of(new Primary(), new Running(LIMIT), new Connecting(Optional.of(LIMIT), "away"));
  }

  static Stream<ReplicationState> notReady() {
    return Stream.of(
        new Running(LIMIT.plusSeconds(1)),
        new Connecting(Optional.of(LIMIT.plusSeconds(1)), "away"),
        new Connecting(Optional.empty(), "away"),
        new Unknown("down"),
        new Unconfigured("none", "clone"),
        new Stopped("by hand", "start"),
        new Broken(1062, "duplicate", "mend"));
  }

  @ParameterizedTest
  @MethodSource("ready")
  void isReadyWithinTheLimit(ReplicationState state) {
    assertThat(state.isReady(LIMIT)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("notReady")
  void isNeverReadyOtherwise(ReplicationState state) {
    assertThat(state.isReady(LIMIT)).isFalse();
  }
}
