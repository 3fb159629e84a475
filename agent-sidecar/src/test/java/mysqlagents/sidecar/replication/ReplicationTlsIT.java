package mysqlagents.sidecar.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import mysqlagents.mysql.ReplicaStatus;
import mysqlagents.sidecar.replication.ReplicationState.Running;
import mysqlagents.sidecar.server.Account;
import mysqlagents.testbed.CertificateAuthority;
import mysqlagents.testbed.CertificateAuthority.Request;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Replication from a primary with a certificate. The account `x509` lets only those in who have
/// one, too; the account `any` lets everybody in.
class ReplicationTlsIT {
  @SuppressWarnings("NullAway.Init")
  private static Pods pods;

  @TempDir private static Path shared;
  @TempDir Path directory;

  @BeforeAll
  static void startPrimary() throws Exception {
    pods = new Pods(true);
    pods.primary.execute(
        "CREATE USER x509@'%' IDENTIFIED BY 'password' REQUIRE X509",
        "CREATE USER any@'%' IDENTIFIED BY 'password'",
        "GRANT REPLICATION SLAVE ON *.* TO x509@'%', any@'%'");
    Files.writeString(shared.resolve("password"), "password");
  }

  @AfterAll
  static void stopPrimary() throws Exception {
    pods.close();
  }

  @AfterEach
  void giveThePrimaryItsCertificateBack() throws Exception {
    pods.issue(0);
    pods.primary.execute("FLUSH SSL");
  }

  private static ReplicationSettings as(String user, Optional<Path> tls) {
    return as(user, tls, PositioningChoice.AUTO);
  }

  private static ReplicationSettings as(
      String user, Optional<Path> tls, PositioningChoice positioning) {
    Account account = new Account(user, Optional.of(shared.resolve("password")));
    return pods.settings(positioning, account, tls);
  }

  private static Optional<Path> ownCertificate() {
    return Optional.of(pods.certificates(1));
  }

  private interface Scenario {
    void play(Pods.Pod replica, ReplicationSupervisor supervisor) throws Exception;
  }

  /// A new replica whose supervisor has just begun.
  private static void with(ReplicationSettings settings, Scenario scenario) throws Exception {
    try (Pods.Pod replica = pods.replica()) {
      replica.journal.write(pods.manifest());
      try (ReplicationSupervisor supervisor = replica.supervisor(settings)) {
        scenario.play(replica, supervisor);
      }
    }
  }

  private static void assertRefused(ReplicationSettings settings, String... words)
      throws Exception {
    with(
        settings,
        (_, supervisor) -> {
          assertThat(Patience.awaitProblem(supervisor, words).problem()).contains("what to do: ");
          assertThat(supervisor.state().isReady(Duration.ofDays(1))).isFalse();
        });
  }

  @ParameterizedTest
  @EnumSource(
      value = PositioningChoice.class,
      names = {"GTID", "BINLOG"})
  void followsWithProofOnBothSides(PositioningChoice positioning) throws Exception {
    with(
        as("x509", ownCertificate(), positioning),
        (replica, supervisor) -> {
          Patience.awaitState(supervisor, Running.class);
          Patience.awaitOneMoreRow(pods, replica);
          assertThat(supervisor.status().orElseThrow().tls().fits(as("", ownCertificate()).tls()))
              .isTrue();
        });
  }

  @Test
  void followsInTheClearWhereTlsIsOff() throws Exception {
    with(
        as("any", Optional.empty()),
        (replica, supervisor) -> {
          Patience.awaitState(supervisor, Running.class);
          Patience.awaitOneMoreRow(pods, replica);
          assertThat(supervisor.status().orElseThrow().tls().enabled()).isFalse();
        });
  }

  @Test
  void saysThatAnAccountMayWantTls() throws Exception {
    assertRefused(
        as("x509", Optional.empty()),
        "Access denied for user 'x509'",
        "An account that is REQUIRE X509 or SSL needs TLS=required here");
  }

  @Test
  void refusesAPrimaryOfAnotherAuthority() throws Exception {
    Path mine = directory.resolve("mine");
    CertificateAuthority.create(directory.resolve("other"), "other")
        .issue(Request.of("/CN=mysql", "127.0.0.1"), mine);
    assertRefused(
        as("any", Optional.of(mine)),
        "SSL connection error",
        "the primary's certificate is of another authority than this pod's ca.crt knows");
  }

  @Test
  void refusesAPrimaryWithACertificateForAnotherAddress() throws Exception {
    pods.authority.issue(Request.of("/CN=mysql", "127.0.0.1", "mysql"), pods.certificates(0));
    pods.primary.execute("FLUSH SSL");
    assertRefused(
        as("x509", ownCertificate()),
        "validation failure",
        "the primary's certificate is not for the address that this replica connects to");
  }

  @Test
  void refusesAPrimaryWhoseCertificateHasExpired() throws Exception {
    pods.authority.issue(
        new Request("/CN=mysql", List.of(pods.primary.address()), -1, false), pods.certificates(0));
    pods.primary.execute("FLUSH SSL");
    assertRefused(as("x509", ownCertificate()), "SSL connection error", "or has expired");
  }

  @Test
  void saysThatThePrimaryMayNotBelieveTheReplica() throws Exception {
    Path mine = directory.resolve("mine");
    CertificateAuthority.create(directory.resolve("other"), "other")
        .issue(Request.of("/CN=mysql", "127.0.0.1"), mine);
    Files.copy(
        pods.authority.certificate(),
        mine.resolve("ca.crt"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertRefused(
        as("x509", Optional.of(mine)), "the primary does not believe this replica's certificate");
  }

  @Test
  void saysThatMysqldCannotReadItsFiles() throws Exception {
    assertRefused(
        as("x509", Optional.of(directory.resolve("none"))),
        "this pod's mysqld cannot read the files in its TLS directory");
  }

  @Test
  void saysThatThePrimarySpeaksNoTls() throws Exception {
    try (Pods plain = new Pods();
        Pods.Pod replica = plain.replica()) {
      replica.journal.write(plain.manifest());
      ReplicationSettings settings =
          plain.settings(PositioningChoice.AUTO, plain.account(), ownCertificate());
      try (ReplicationSupervisor supervisor = replica.supervisor(settings)) {
        Patience.awaitWords(supervisor, "mysqld on the primary speaks no TLS");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PositioningChoice.class,
      names = {"GTID", "BINLOG"})
  void isSwitchedOnAndOffInARunningReplica(PositioningChoice positioning) throws Exception {
    try (Pods.Pod replica = pods.replica()) {
      replica.journal.write(pods.manifest());
      for (Optional<Path> tls :
          List.of(Optional.<Path>empty(), ownCertificate(), Optional.<Path>empty())) {
        // Between two sidecars there is more to fetch, and nothing of it comes twice.
        pods.write();
        try (ReplicationSupervisor supervisor = replica.supervisor(as("any", tls, positioning))) {
          await()
              .atMost(Duration.ofSeconds(30))
              .until(() ->
                  supervisor
                      .status()
                      .filter(ReplicaStatus::bothThreadsRun)
                      .filter(status -> status.tls().enabled() == tls.isPresent())
                      .isPresent());
          Patience.awaitOneMoreRow(pods, replica);
        }
      }
      // One for the set-up, and one for each switch.
      assertThat(Patience.changes(replica)).isEqualTo(3);
    }
  }

  @Test
  void isSwitchedOnWhileMysqldIsRestarted() throws Exception {
    try (Pods.Pod replica = pods.replica()) {
      replica.journal.write(pods.manifest());
      try (ReplicationSupervisor supervisor =
          replica.supervisor(as("any", Optional.empty(), PositioningChoice.BINLOG))) {
        Patience.awaitState(supervisor, Running.class);
        Patience.awaitOneMoreRow(pods, replica);
      }
      replica.mysqld.restart();
      pods.write();
      try (ReplicationSupervisor supervisor =
          replica.supervisor(as("x509", ownCertificate(), PositioningChoice.BINLOG))) {
        Patience.awaitState(supervisor, Running.class);
        Patience.awaitOneMoreRow(pods, replica);
        assertThat(supervisor.status().orElseThrow().user()).isEqualTo("x509");
      }
    }
  }
}
