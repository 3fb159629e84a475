package mysqlagents.clone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;
import mysqlagents.settings.PodName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Law 4. The service's name is a peer's address here; `CloneProcessTest` has real names.
@Timeout(60)
final class LivingSetTest {
  private static final String PEER = "127.0.12.1";

  private Map<String, String> variables = Map.of();
  private int port;

  @BeforeEach
  void choosePort() throws IOException {
    port = ScriptedDonor.freePort();
    variables = new HashMap<>();
    variables.putAll(
        Map.of(
            "POD_NAME", "mysql-0",
            "TLS", "off",
            "SERVICE_NAME", PEER,
            "PEER_ADDRESS", "127.0.12.{ordinal}",
            "CONTROL_NAME", "localhost",
            "BACKUP_PORT", Integer.toString(port)));
  }

  private void ask(Duration patience) throws Exception {
    ask(InetAddress::getAllByName, patience);
  }

  private void ask(LivingSet.Resolver resolver, Duration patience) throws Exception {
    CloneSettings settings = CloneSettings.from(variables);
    try (Network network = Network.open(settings.tls(), port)) {
      new LivingSet(settings, network, resolver, patience).requireNoData();
    }
  }

  private AgentFailure refusal() {
    return catchThrowableOfType(AgentFailure.class, () -> ask(Duration.ofMillis(1)));
  }

  @Test
  void aPeerWithDataIsALivingSet() throws Exception {
    try (ScriptedDonor _ = new ScriptedDonor(PEER, port, ScriptedDonor.status("mysql-1", true))) {
      AgentFailure refusal =
          catchThrowableOfType(AgentFailure.class, () -> ask(Duration.ofMinutes(5)));
      assertThat(refusal.exitCode()).isEqualTo(ExitCode.REFUSED);
      assertThat(refusal)
          .hasMessage(
              "mysql-0 is empty, but mysql-1 (127.0.12.1) holds 4.0 KiB of data: an empty primary would cut the set in two");
      assertThat(refusal.remedy())
          .isEqualTo(
              "give mysql-0 its volume back; or copy the data of the pod that is furthest ahead into it, step by step as docs/operations.md says in 'mysql-0 has lost its volume'; or, if the set's data is not worth keeping, set ALLOW_EMPTY_PRIMARY=true for one start and clone all replicas again");
    }
  }

  @Test
  void aPeerWithoutDataIsNone() throws Exception {
    try (ScriptedDonor _ = new ScriptedDonor(PEER, port, ScriptedDonor.status("mysql-1", false))) {
      ask(Duration.ofMillis(1));
    }
  }

  @Test
  void aPodThatWaitsForItsCloneSaysThatItIsEmpty() throws Exception {
    try (Network network = Network.inTheClear(port);
        WaitingStatus _ = WaitingStatus.start(PodName.parse("mysql-1"), PEER, network)) {
      ask(Duration.ofMillis(1));
    }
  }

  @Test
  void aSilentPeerMayHoldData() {
    AgentFailure refusal = refusal();
    assertThat(refusal.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refusal)
        .hasMessage(
            "cannot tell whether another pod of the set holds data: 127.0.12.1 does not say: 127.0.12.1:%d: Connection refused",
            port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"pod\":\"x\"}", "<html>"})
  void anAnswerThatIsNoStatusTellsNothing(String answer) throws Exception {
    try (ScriptedDonor peer =
        new ScriptedDonor(PEER, port, ScriptedDonor.saying(200, "", answer))) {
      assertThat(refusal()).hasMessageContaining("127.0.12.1 does not say: its answer is ");
      peer.become(ScriptedDonor.saying(500, "", answer));
      assertThat(refusal()).hasMessageContaining("does not say: it answered with status 500");
    }
  }

  /// The bash example's donor sends a backup to whoever connects.
  @Test
  void aPeerThatSpeaksNoHttpTellsNothing() throws Exception {
    byte[] stream = TestBackup.of(100_000).stream();
    try (ScriptedDonor _ = new ScriptedDonor(PEER, port, (_, out) -> out.write(stream))) {
      assertThat(refusal()).hasMessageContaining("the answer is not HTTP/1.1 as it should be");
    }
  }

  @Test
  void aSilentPeerIsWaitedFor() throws Exception {
    Thread peer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Thread.sleep(700);
                try (ScriptedDonor donor =
                    new ScriptedDonor(PEER, port, ScriptedDonor.status("mysql-1", true))) {
                  while (donor.requests().isEmpty()) {
                    Thread.sleep(10);
                  }
                  Thread.sleep(500);
                }
              } catch (IOException | InterruptedException failure) {
                throw new IllegalStateException(failure);
              }
            });
    assertThat(catchThrowableOfType(AgentFailure.class, () -> ask(Duration.ofMinutes(5))))
        .hasMessageContaining("but mysql-1 (127.0.12.1) holds");
    peer.join();
  }

  @Test
  void ownAddressesAreNoPeers() {
    variables.put("PEER_ADDRESS", PEER + "{ordinal}");
    variables.put("LISTEN_ADDRESS", PEER);
    assertThatCode(() -> ask(Duration.ofMillis(1))).doesNotThrowAnyException();
  }

  @Test
  void aServiceWithoutPodsIsBelievedOnlyIfNamesResolve() {
    variables.put("SERVICE_NAME", "mysql.invalid");
    assertThatCode(() -> ask(LivingSet.PATIENCE)).doesNotThrowAnyException();

    variables.put("CONTROL_NAME", "kubernetes.invalid");
    AgentFailure refusal = refusal();
    assertThat(refusal.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refusal)
        .hasMessage(
            "cannot tell whether another pod of the set holds data: neither mysql.invalid nor kubernetes.invalid resolves, so name resolution seems not to work");
  }

  /// A lookup that has timed out looks like one that was answered with "no such name".
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aLookupThatGotLostIsNoProof(int lost) throws Exception {
    AtomicInteger asked = new AtomicInteger();
    LivingSet.Resolver resolver =
        name -> {
          if (name.equals(PEER) && asked.getAndIncrement() < lost) {
            throw new UnknownHostException(name + ": Temporary failure in name resolution");
          }
          return InetAddress.getAllByName(name);
        };
    try (ScriptedDonor _ = new ScriptedDonor(PEER, port, ScriptedDonor.status("mysql-1", true))) {
      assertThat(catchThrowableOfType(AgentFailure.class, () -> ask(resolver, LivingSet.PATIENCE)))
          .hasMessageContaining("but mysql-1 (127.0.12.1) holds");
    }
  }

  @Test
  void somebodyWhoKnowsBetterMaySaySo() {
    variables.put("ALLOW_EMPTY_PRIMARY", "true");
    assertThatCode(() -> ask(Duration.ofMillis(1))).doesNotThrowAnyException();
  }
}
