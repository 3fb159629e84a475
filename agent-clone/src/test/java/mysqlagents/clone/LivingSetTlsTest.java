package mysqlagents.clone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;
import mysqlagents.settings.PodName;
import mysqlagents.testbed.CertificateAuthority;
import mysqlagents.testbed.CertificateAuthority.Request;
import mysqlagents.tls.AllowedSubjects;
import mysqlagents.tls.PodTls;
import mysqlagents.tls.TlsSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Law 4 where pods have to prove who they are: one that fails to is not one without data.
@Timeout(60)
final class LivingSetTlsTest {
  private static final String PEER = "127.0.16.1";
  private static final PodName PEER_POD = PodName.parse("mysql-1");

  @TempDir private Path root;
  private Map<String, String> variables = Map.of();
  private Path own = Path.of("");
  private int port;

  @BeforeEach
  void issue() throws IOException {
    port = ScriptedDonor.freePort();
    own = root.resolve("own");
    // The service's name is a peer's address here, as resolving it would give.
    authority("set").issue(Request.of("/CN=mysql", PEER), own);
    variables = new HashMap<>();
    variables.putAll(
        Map.of(
            "POD_NAME",
            "mysql-0",
            "TLS_DIRECTORY",
            own.toString(),
            "SERVICE_NAME",
            PEER,
            "PEER_ADDRESS",
            "127.0.16.{ordinal}",
            "CONTROL_NAME",
            "localhost",
            "BACKUP_PORT",
            Integer.toString(port)));
  }

  private CertificateAuthority authority(String name) throws IOException {
    return CertificateAuthority.create(root.resolve("authority-" + name), name);
  }

  private Path secret(CertificateAuthority authority, String name, String... names)
      throws IOException {
    Path directory = root.resolve(name);
    authority.issue(Request.of("/CN=" + name, names), directory);
    return directory;
  }

  private static TlsSettings settings(Path directory) {
    return new TlsSettings(directory, AllowedSubjects.ANY);
  }

  private void ask() throws Exception {
    CloneSettings settings = CloneSettings.from(variables);
    try (Network network = Network.open(settings.tls(), port)) {
      new LivingSet(settings, network, InetAddress::getAllByName, Duration.ofMillis(1))
          .requireNoData();
    }
  }

  /// Refuses although, or because, it could not be told whether the peer has data.
  private String refusal() {
    AgentFailure refusal = catchThrowableOfType(AgentFailure.class, this::ask);
    assertThat(refusal).isNotNull();
    assertThat(refusal.exitCode()).isEqualTo(ExitCode.REFUSED);
    return String.valueOf(refusal.getMessage())
        .replace("cannot tell whether another pod of the set holds data: ", "doubt: ");
  }

  /// An empty peer that would say so, if only one listened.
  private Network emptyPeer(Optional<TlsSettings> settings) throws AgentFailure {
    return Network.open(settings, port);
  }

  @Test
  void emptyPodsOfASetFindEachOther() throws Exception {
    try (Network peer = emptyPeer(Optional.of(settings(own)));
        WaitingStatus _ = WaitingStatus.start(PEER_POD, PEER, peer)) {
      assertThatCode(this::ask).doesNotThrowAnyException();
    }
  }

  @Test
  void aPeerWithDataIsALivingSet() throws Exception {
    Optional<PodTls> tls = Optional.of(PodTls.load(settings(own)));
    try (ScriptedDonor _ =
        new ScriptedDonor(PEER, port, tls, ScriptedDonor.status("mysql-1", true))) {
      assertThat(refusal()).startsWith("mysql-0 is empty, but mysql-1 (127.0.16.1) holds ");
    }
  }

  @Test
  void aPeerThatCannotBeBelievedMayHoldData() throws Exception {
    Path stranger = secret(authority("stranger"), "stranger", PEER);
    try (Network peer = emptyPeer(Optional.of(settings(stranger)));
        WaitingStatus _ = WaitingStatus.start(PEER_POD, PEER, peer)) {
      assertThat(refusal())
          .startsWith(
              "doubt: 127.0.16.1 does not say: its certificate CN=stranger, issued by CN=stranger, cannot be verified with the authorities of this pod's ca.crt");
    }
  }

  @Test
  void aPeerThatDoesNotBelieveUsMayHoldData() throws Exception {
    TlsSettings strict = new TlsSettings(own, AllowedSubjects.parse("CN=somebody"));
    try (Network peer = emptyPeer(Optional.of(strict));
        WaitingStatus _ = WaitingStatus.start(PEER_POD, PEER, peer)) {
      assertThat(refusal())
          .containsPattern(
              "^doubt: 127.0.16.1 does not say: it (refuses this pod's certificate \\(alert certificate_unknown\\)|ended the connection right after the TLS handshake)");
    }
  }

  @Test
  void aPeerHasToProveTheServicesName() throws Exception {
    CertificateAuthority authority = authority("named");
    own = secret(authority, "own", "mysql");
    Path peerSecret = secret(authority, "peer", "mysql-1.mysql");
    try (Network peer = emptyPeer(Optional.of(settings(peerSecret)));
        WaitingStatus _ = WaitingStatus.start(PEER_POD, PEER, peer)) {
      assertThat(refusal())
          .startsWith(
              "doubt: 127.0.16.1 does not say: its certificate CN=peer is good for mysql-1.mysql and not for 127.0.16.1, the name that was asked for");
    }
  }

  @Test
  void aPeerInTheClearMayHoldData() throws Exception {
    try (Network peer = emptyPeer(Optional.empty());
        WaitingStatus _ = WaitingStatus.start(PEER_POD, PEER, peer)) {
      assertThat(refusal())
          .containsPattern("^doubt: 127.0.16.1 does not say: it .* does it run with TLS=off");
    }
  }

  @Test
  void aPodInTheClearLearnsNothingFromItsPeers() throws Exception {
    variables.put("TLS", "off");
    try (Network peer = emptyPeer(Optional.of(settings(own)));
        WaitingStatus _ = WaitingStatus.start(PEER_POD, PEER, peer)) {
      assertThat(refusal())
          .isEqualTo(
              "doubt: 127.0.16.1 does not say: the answer is not HTTP/1.1 as it should be: it is TLS, and this pod runs with TLS=off");
    }
  }

  @Test
  void aWaitingPodShowsARenewedCertificate() throws Exception {
    CertificateAuthority next = authority("next");
    Path peerSecret = root.resolve("peer");
    authority("old").issue(Request.of("/CN=old", PEER), peerSecret);
    own = secret(next, "own", "mysql");
    try (Network peer = emptyPeer(Optional.of(settings(peerSecret)));
        WaitingStatus _ = WaitingStatus.start(PEER_POD, PEER, peer)) {
      assertThat(refusal()).contains("issued by CN=old, cannot be verified");
      next.issue(Request.of("/CN=renewed", PEER), peerSecret);
      peer.refresh();
      assertThatCode(this::ask).doesNotThrowAnyException();
    }
  }
}
