package mysqlagents.sidecar.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import mysqlagents.sidecar.replication.ReplicationState.Connecting;
import mysqlagents.testbed.Checksums;

/// Waits of the replication ITs, each for a condition.
final class Patience {
  private static final Duration LIMIT = Duration.ofSeconds(40);

  private Patience() {}

  static <S extends ReplicationState> S awaitState(
      ReplicationSupervisor supervisor, Class<S> state) {
    return state.cast(
        await()
            .alias(state.getSimpleName())
            .atMost(LIMIT)
            .until(supervisor::state, state::isInstance));
  }

  /// Until the primary is waited for with all of `words` in the problem. The server names none
  /// right after a start, until its first try has failed.
  static Connecting awaitProblem(ReplicationSupervisor supervisor, String... words) {
    return (Connecting)
        await()
            .alias(String.join(", ", words))
            .atMost(LIMIT)
            .until(
                supervisor::state,
                state ->
                    state instanceof Connecting(Optional<Duration> _, String problem)
                        && Stream.of(words).allMatch(problem::contains));
  }

  /// Until the state's sentence has `words` in it.
  static void awaitWords(ReplicationSupervisor supervisor, String words) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(supervisor.state().describe()).contains(words));
  }

  /// Adds a row on the primary and waits until the replica has it, and everything else once.
  static void awaitOneMoreRow(Pods pods, Pods.Pod replica) throws Exception {
    pods.write();
    awaitSameRows(pods, replica);
  }

  static void awaitSameRows(Pods pods, Pods.Pod replica) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(Checksums.of(replica.mysqld)).isEqualTo(Checksums.of(pods.primary)));
  }

  /// Until the replica has noted that all it has received is applied: it does so a moment after
  /// everybody sees the last row.
  static void awaitNothingLeftToApply(Pods.Pod replica) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(
                    replica.mysqld.value(
                        "SELECT state FROM information_schema.processlist"
                            + " WHERE command = 'Slave_SQL'"))
                .startsWith("Slave has read all relay log"));
  }

  /// Waits for several looks of the supervisor.
  static void letItLook() throws InterruptedException {
    Thread.sleep(Pods.POLL.multipliedBy(8));
  }

  /// How many CHANGE … TO the server has been given since its start, whatever came of them.
  static int changes(Pods.Pod replica) throws SQLException {
    return Integer.parseInt(
        String.valueOf(
            replica.mysqld.value(
                "SELECT variable_value FROM information_schema.global_status"
                    + " WHERE variable_name = 'Com_change_master'")));
  }
}
