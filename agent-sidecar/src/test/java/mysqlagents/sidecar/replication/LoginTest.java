package mysqlagents.sidecar.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import mysqlagents.mysql.ReplicaStatus;
import mysqlagents.mysql.ReplicationSource;
import mysqlagents.mysql.Secret;
import mysqlagents.tls.MysqldTlsFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginTest {
  private static final Optional<MysqldTlsFiles> NO_TLS = Optional.empty();
  private static final ReplicationSource FIRST = source("root", "first", NO_TLS);
  private static final ReplicationSource SECOND = source("root", "second", NO_TLS);
  private static final ReplicaStatus RUNNING = Statuses.running(0);
  private static final ReplicaStatus REFUSED = Statuses.connecting(1045, "Access denied");

  private final Login login = new Login();

  private static ReplicationSource source(
      String user, String password, Optional<MysqldTlsFiles> tls) {
    return new ReplicationSource("mysql-0.mysql", 3306, user, new Secret(password), tls);
  }

  @Test
  void aChangedFileAloneIsNoReason() {
    assertThat(login.mismatch(RUNNING, FIRST)).isEmpty();
    assertThat(login.mismatch(RUNNING, SECOND)).isEmpty();
    assertThat(login.mismatch(Statuses.connecting(2003, "away"), SECOND)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1045, 1251, 1698, 2061})
  void aRefusedLoginIs(int number) {
    assertThat(login.mismatch(Statuses.connecting(number, "denied"), FIRST))
        .contains("mysql-0.mysql:3306 refused the old one");
    assertThat(login.mismatch(Statuses.ioError(number, "denied"), FIRST)).isPresent();
  }

  @Test
  void theSameIsSentOnceAndAnotherAtOnce() {
    assertThat(login.mismatch(REFUSED, FIRST)).isPresent();
    login.sent(FIRST);
    assertThat(login.mismatch(REFUSED, FIRST)).isEmpty();
    assertThat(login.mismatch(REFUSED, SECOND)).isPresent();
  }

  @Test
  void whatHasWorkedSinceMayBeSentAgain() {
    login.sent(FIRST);
    assertThat(login.mismatch(RUNNING, FIRST)).isEmpty();
    assertThat(login.mismatch(REFUSED, FIRST)).isPresent();
  }

  @Test
  void whatMysqldMayHaveLostIsSentAgain() {
    login.sent(FIRST);
    login.forget();
    assertThat(login.mismatch(REFUSED, FIRST)).isPresent();
  }

  @Test
  void anotherUserOrTlsIsAReasonWhileItRuns() {
    assertThat(login.mismatch(RUNNING, source("replication", "p", NO_TLS)))
        .contains("it was that of 'root', not of 'replication'");
    ReplicationSource tls =
        source("root", "p", Optional.of(MysqldTlsFiles.in(Path.of("/etc/mysql-agents/tls"))));
    assertThat(login.mismatch(RUNNING, tls)).contains("it was not over TLS as it is set now");
    // Not in a circle, should the server show something else than it was told.
    login.sent(tls);
    assertThat(login.mismatch(RUNNING, tls)).isEmpty();
  }
}
