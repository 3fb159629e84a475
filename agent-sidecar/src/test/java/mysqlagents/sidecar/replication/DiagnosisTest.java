package mysqlagents.sidecar.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import mysqlagents.mysql.ReplicaStatus;
import mysqlagents.mysql.ReplicaStatus.ThreadError;
import mysqlagents.sidecar.replication.Diagnosis.Action;
import mysqlagents.sidecar.replication.Diagnosis.Circumstances;
import mysqlagents.sidecar.replication.ReplicationState.Broken;
import mysqlagents.sidecar.replication.ReplicationState.Connecting;
import mysqlagents.sidecar.replication.ReplicationState.Running;
import mysqlagents.sidecar.replication.ReplicationState.Stopped;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiagnosisTest {
  private static final Optional<Duration> AGE = Optional.of(Duration.ofSeconds(7));
  private static final Circumstances USUAL = new Circumstances(false, AGE, Optional.empty(), false);
  private static final Circumstances NEW_MYSQLD =
      new Circumstances(true, AGE, Optional.empty(), false);
  private static final Circumstances TRIED = new Circumstances(false, AGE, Optional.empty(), true);

  private static Diagnosis of(ReplicaStatus status) {
    return Diagnosis.of(status, USUAL);
  }

  @Test
  void runsWhenBothThreadsDo() {
    assertThat(of(Statuses.running(7)).state()).isEqualTo(new Running(Duration.ofSeconds(7)));
    assertThat(of(Statuses.running(7)).action()).isEqualTo(Action.LEAVE);
  }

  @Test
  void doesNotTakeASilentPrimaryForARunningOne() {
    Diagnosis diagnosis =
        Diagnosis.of(
            Statuses.running(0),
            new Circumstances(false, AGE, Optional.of(Duration.ofSeconds(14)), false));
    assertThat(diagnosis.state())
        .isEqualTo(
            new Connecting(
                AGE, "nothing has come from mysql-0.mysql for 14 s, not even a heartbeat"));
  }

  @Test
  void isNotFreshBeforeTheLagIsKnown() {
    ReplicationState state =
        Diagnosis.of(
                Statuses.running(0),
                new Circumstances(false, Optional.empty(), Optional.empty(), false))
            .state();
    assertThat(state).isInstanceOf(Connecting.class);
    assertThat(state.isReady(Duration.ofDays(1))).isFalse();
  }

  @Test
  void leavesTheServerToConnectByItself() {
    Diagnosis diagnosis = of(Statuses.connecting(2003, "Can't connect to server"));
    assertThat(diagnosis.state()).isEqualTo(new Connecting(AGE, "Can't connect to server"));
    assertThat(diagnosis.action()).isEqualTo(Action.LEAVE);
    assertThat(diagnosis.error().number()).isEqualTo(2003);
  }

  @ParameterizedTest
  @ValueSource(ints = {1045, 1130, 1698, 3118})
  void saysWhatToDoAboutARefusedAccount(int number) {
    assertThat(of(Statuses.connecting(number, "Access denied")).state())
        .asInstanceOf(InstanceOfAssertFactories.type(Connecting.class))
        .satisfies(state ->
            assertThat(state.problem())
                .startsWith("Access denied; what to do: ")
                .contains("REPLICATION_PASSWORD_FILE"));
  }

  @ParameterizedTest
  @CsvSource({
    // MariaDB 10.11, as seen.
    "2026, 'SSL connection error: error:00000000:lib(0)::reason(0)', of another authority",
    "2026, 'SSL connection error: SSL certificate validation failure', issue one that names it",
    "2026, 'SSL is required, but the server does not support it', speaks no TLS",
    "2026, 'SSL connection error: Unable to get certificate', MYSQLD_TLS_DIRECTORY",
    "2026, 'SSL_CTX_set_default_verify_paths failed', MYSQLD_TLS_DIRECTORY",
    "2013, 'Lost connection to server at sending authentication information', does not believe",
    // MySQL.
    "2026, 'SSL connection error: SSL is required but the server doesn''t support it', speaks no TLS",
    "2026, 'Failed to verify the server certificate via X509 certificate matching functions', names it",
    "2026, 'error:0A000086:SSL routines::certificate verify failed', of another authority",
    "2026, 'certificate verify failed: certificate has expired', renew the certificate",
    "2061, 'Authentication requires secure connection.', TLS=required",
  })
  void saysWhatToDoAboutTls(int number, String text, String remedy) {
    assertThat(of(Statuses.connecting(number, text)).state())
        .asInstanceOf(InstanceOfAssertFactories.type(Connecting.class))
        .satisfies(state ->
            assertThat(state.problem()).startsWith(text + "; what to do: ").contains(remedy));
  }

  @Test
  void leavesToAPersonOnlyWhatAPersonStoppedOrHasToMend() {
    assertThat(of(Statuses.running(1)).isLeftToAPerson()).isFalse();
    assertThat(of(Statuses.connecting(1045, "denied")).isLeftToAPerson()).isFalse();
    assertThat(of(Statuses.ioError(1045, "denied")).isLeftToAPerson()).isFalse();
    assertThat(Diagnosis.of(Statuses.neverStarted(), NEW_MYSQLD).isLeftToAPerson()).isFalse();
    assertThat(of(Statuses.threads(false, false)).isLeftToAPerson()).isTrue();
    assertThat(of(Statuses.threads(true, false)).isLeftToAPerson()).isTrue();
    assertThat(of(Statuses.sqlError(1062, "duplicate")).isLeftToAPerson()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {2003, 2013, 1040, 1053, 1159, 1189, 1045})
  void startsAgainWhatGaveUpOnThePrimary(int number) {
    Diagnosis diagnosis = Diagnosis.of(Statuses.ioError(number, "gone"), TRIED);
    assertThat(diagnosis.state()).isInstanceOf(Connecting.class);
    assertThat(diagnosis.action()).isEqualTo(Action.RETRY);
  }

  @ParameterizedTest
  @CsvSource({
    "1236,  'Could not find first log file name in binary log index file', clone this replica again",
    "1236,  'Could not find first log file name in binary log index file', 'purged, or has lost'",
    "13114, 'Could not find first log file name in binary log index file', 'purged, or has lost'",
    "13114, 'the source has purged binary logs', clone this replica again",
    "1236,  'Probably the slave state is too old and required binlog files have been purged', has purged binary logs",
    "1236,  'GTID 0-100-99, which is not in the master''s binlog', save them",
    "1236,  'The slave has probably diverged due to executing erroneous transactions', save them",
    "1236,  'start replication from impossible position', save them",
    "1236,  'Client requested master to start replication from position > file size', save them",
    "13114, 'Client requested source to start replication from position > file size', save them",
    "1236,  'Slave has more GTIDs than the master has, using the master''s SERVER_UUID', save them",
    "13114, 'Replica has more GTIDs than the source has, using the source''s SERVER_UUID', save them",
    "1236,  'log event entry exceeded max_allowed_packet', raise max_allowed_packet",
    "1236,  'A slave with the same server_uuid/server_id as this slave has connected', another",
    "1593,  'master and slave have equal MariaDB server ids', a server-id",
    "1593,  'something else that is fatal', mend the cause",
    "13117, 'source and replica have equal MySQL server UUIDs', auto.cnf",
    "13117, 'source and replica have equal MySQL server ids', a server-id",
    "13117, 'something else that is fatal', mend the cause",
    "13121, 'Relay log read failure: could not parse', clone this replica again",
    "9999,  'never heard of', mend the cause",
  })
  void namesWhatThePrimaryCannotSend(int number, String text, String remedy) {
    Diagnosis diagnosis = of(Statuses.ioError(number, text));
    assertThat(diagnosis.state())
        .asInstanceOf(InstanceOfAssertFactories.type(Broken.class))
        .satisfies(state -> {
          assertThat(state.errorNumber()).isEqualTo(number);
          assertThat(state.problem()).isEqualTo(text);
          assertThat(state.remedy()).contains(remedy);
        });
    assertThat(diagnosis.action()).isEqualTo(Action.LEAVE);
  }

  /// Whoever reads "purged" deletes a volume that may hold the only copies.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Slave has more GTIDs than the master has, using the master's SERVER_UUID",
        "Replica has more GTIDs than the source has, using the source's SERVER_UUID",
        "Client requested master to start replication from position > file size",
        "Client requested source to start replication from position > file size",
      })
  void doesNotCallPurgedWhatThePrimaryHasLost(String text) {
    for (int number : new int[] {1236, 13114}) {
      assertThat(ErrorGuide.remedy(new ThreadError(number, text)))
          .contains("save them if they matter, then clone this replica again")
          .doesNotContain("purged");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1062, was it written to",
    "1032, was it written to",
    "1146, was it written to",
    "1594, clone this replica again",
    // Each server knows one of the two, or both.
    "1062, START SLAVE (or START REPLICA)",
    "1064, START SLAVE (or START REPLICA)",
  })
  void doesNotRestartInCircles(int number, String remedy) {
    Diagnosis diagnosis = of(Statuses.sqlError(number, "words"));
    assertThat(diagnosis.action()).isEqualTo(Action.LEAVE);
    assertThat(diagnosis.state())
        .asInstanceOf(InstanceOfAssertFactories.type(Broken.class))
        .satisfies(state -> assertThat(state.remedy()).contains(remedy));
  }

  @ParameterizedTest
  @CsvSource({"1227, MYSQL_USER", "3056, at most 32 characters into REPLICATION_PASSWORD_FILE"})
  void saysWhatToDoAboutARefusedSetUp(int number, String remedy) {
    assertThat(ErrorGuide.remedyOfRefusedSetUp(number)).contains(remedy);
  }

  @ParameterizedTest
  @ValueSource(ints = {1205, 1213, 1317})
  void triesAFewTimesWhatMayPass(int number) {
    assertThat(of(Statuses.sqlError(number, "lock")).action()).isEqualTo(Action.RETRY);
    assertThat(of(Statuses.sqlError(number, "lock")).state()).isInstanceOf(Stopped.class);
    Diagnosis last = Diagnosis.of(Statuses.sqlError(number, "lock"), TRIED);
    assertThat(last.action()).isEqualTo(Action.LEAVE);
    assertThat(last.state()).isInstanceOf(Broken.class);
  }

  /// A full disk, most often. MySQL from 8.0 on has numbers of its own for the IO thread.
  @ParameterizedTest
  @ValueSource(ints = {1595, 13122})
  void triesAFewTimesToWriteTheRelayLog(int number) {
    String text = "Relay log write failure: could not queue event from source";
    assertThat(of(Statuses.ioError(number, text)).action()).isEqualTo(Action.RETRY);
    assertThat(Diagnosis.of(Statuses.ioError(number, text), TRIED).state())
        .asInstanceOf(InstanceOfAssertFactories.type(Broken.class))
        .satisfies(state -> assertThat(state.remedy()).startsWith("mend the cause"));
  }

  @Test
  void startsWhatMysqldLeavesStopped() {
    Diagnosis diagnosis = Diagnosis.of(Statuses.neverStarted(), NEW_MYSQLD);
    assertThat(diagnosis.action()).isEqualTo(Action.START);
    assertThat(diagnosis.state()).isInstanceOf(Stopped.class);
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, both its threads",
    "true, false, its SQL thread",
    "false, true, its IO thread"
  })
  void leavesAloneWhatAPersonStopped(boolean io, boolean sql, String which) {
    Diagnosis diagnosis = of(Statuses.threads(io, sql));
    assertThat(diagnosis.action()).isEqualTo(Action.LEAVE);
    assertThat(diagnosis.state())
        .asInstanceOf(InstanceOfAssertFactories.type(Stopped.class))
        .satisfies(state -> assertThat(state.problem()).contains(which));
  }

  @Test
  void leavesAloneWhatAPersonStoppedWhileThePrimaryWasAway() {
    Diagnosis diagnosis = of(Statuses.ioError(2003, "Can't connect", false));
    assertThat(diagnosis.action()).isEqualTo(Action.LEAVE);
    assertThat(diagnosis.state()).isInstanceOf(Stopped.class);
  }
}
