package mysqlagents.clone;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import mysqlagents.files.Volume;
import mysqlagents.main.AgentFailure;
import mysqlagents.testbed.CertificateAuthority;
import mysqlagents.testbed.CertificateAuthority.Request;
import mysqlagents.tls.AllowedSubjects;
import mysqlagents.tls.PodTls;
import mysqlagents.tls.TlsSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// agent-clone as a process that has a certificate, or should have.
@Timeout(180)
final class CloneTlsTest {
  private static final TestBackup BACKUP = TestBackup.of(3_000_000);
  private static final byte[] STREAM = BACKUP.received("mysql-0");
  private static final String DONOR = "127.0.15.0";

  @TempDir private Path root;
  private final List<ScriptedDonor> donors = new ArrayList<>();
  private Volume volume = new Volume(Path.of(""));
  private Map<String, String> variables = Map.of();
  private Path secret = Path.of("");
  private int port;

  @BeforeEach
  void makeAVolume() throws IOException {
    volume = new Volume(Files.createDirectory(root.resolve("volume")).toRealPath());
    port = ScriptedDonor.freePort();
    secret = root.resolve("secret");
    authority("set").issue(Request.of("/CN=mysql", DONOR, "127.0.15.1", "mysql"), secret);
    variables = new HashMap<>();
    variables.put("TLS_DIRECTORY", secret.toString());
    variables.putAll(
        Map.of(
            "POD_NAME",
            "mysql-1",
            "VOLUME_DIRECTORY",
            volume.root().toString(),
            "PEER_ADDRESS",
            "127.0.15.{ordinal}",
            "LISTEN_ADDRESS",
            "127.0.15.1",
            "BACKUP_PORT",
            Integer.toString(port),
            "CLONE_TIME_LIMIT_SECONDS",
            "1",
            "STALL_LIMIT_SECONDS",
            "60",
            "MARIADB_BACKUP_PROGRAM",
            FakeTool.succeeding(root).toString()));
  }

  @AfterEach
  void close() throws IOException {
    for (ScriptedDonor donor : donors) {
      donor.close();
    }
  }

  private CertificateAuthority authority(String name) throws IOException {
    return CertificateAuthority.create(root.resolve("authority-" + name), name);
  }

  private static PodTls load(Path directory) throws AgentFailure {
    return PodTls.load(new TlsSettings(directory, AllowedSubjects.ANY));
  }

  private ScriptedDonor donor(Optional<PodTls> tls, ScriptedDonor.Script script)
      throws IOException {
    ScriptedDonor donor = new ScriptedDonor(DONOR, port, tls, script);
    donors.add(donor);
    return donor;
  }

  private AgentProcess start(String... flags) throws IOException {
    return AgentProcess.start(root, List.of(), List.of(flags), variables);
  }

  private AgentProcess.End run(String... flags) throws Exception {
    try (AgentProcess agent = start(flags)) {
      return agent.await();
    }
  }

  private String refusal() throws Exception {
    AgentProcess.End end = run();
    assertThat(end.exitCode()).as(end.log()).isEqualTo(75);
    assertThat(volume.data()).doesNotExist();
    assertThat(volume.staging()).doesNotExist();
    return end.terminationMessage();
  }

  @Test
  void clonesFromADonorThatBothProveAndBelieve() throws Exception {
    ScriptedDonor donor = donor(Optional.of(load(secret)), ScriptedDonor.giving(STREAM));
    AgentProcess.End end = run();
    assertThat(end.exitCode()).as(end.log()).isZero();
    BACKUP.assertWholeIn(volume.data());
    assertThat(donor.backupsAsked()).isEqualTo(1);
    assertThat(end.log().lines()).hasSizeLessThan(10).allMatch(line -> line.contains(" INFO "));
    assertThat(end.log()).contains(", TLS required, ");
  }

  /// After so many gigabytes keys are changed; here after so many kilobytes. Sent slowly, so that
  /// the donor takes part in it before all is sent.
  @Test
  void aChangeOfKeysInTheMiddleOfAStreamIsNoMatter() throws Exception {
    donor(
        Optional.of(load(secret)),
        (_, out) -> {
          ScriptedDonor.writeHead(out, STREAM.length, Map.of());
          int piece = STREAM.length / 30 + 1;
          for (int at = 0; at < STREAM.length; at += piece) {
            ScriptedDonor.writeChunks(out, STREAM, at, Math.min(STREAM.length, at + piece), piece);
            Thread.sleep(20);
          }
          out.write("0\r\n\r\n".getBytes(ISO_8859_1));
        });
    Path limits =
        Files.writeString(
            root.resolve("limits"),
            "jdk.tls.keyLimits=AES/GCM/NoPadding KeyUpdate 2^17, ChaCha20-Poly1305 KeyUpdate 2^17\n");
    AgentProcess.End end =
        run("-Djava.security.properties=" + limits, "-Djavax.net.debug=ssl:handshake");
    assertThat(end.exitCode()).isZero();
    BACKUP.assertWholeIn(volume.data());
    assertThat(end.log().lines()).anyMatch(line -> line.endsWith("KeyUpdate: read key updated"));
  }

  @Test
  void aDonorOfAnotherNameIsRefused() throws Exception {
    Path other = root.resolve("other");
    CertificateAuthority again = authority("set");
    again.issue(Request.of("/CN=mysql", "127.0.15.1"), other);
    again.issue(Request.of("/CN=mysql", "127.0.15.1"), secret);
    ScriptedDonor donor = donor(Optional.of(load(other)), ScriptedDonor.giving(STREAM));
    assertThat(refusal())
        .contains(
            "mysql-0: its certificate CN=mysql is good for 127.0.15.1 and not for 127.0.15.0, the name that was asked for\n");
    assertThat(donor.requests()).isEmpty();
  }

  @Test
  void aDonorOfAnotherAuthorityIsRefused() throws Exception {
    Path other = root.resolve("other");
    authority("stranger").issue(Request.of("/CN=mysql", DONOR), other);
    donor(Optional.of(load(other)), ScriptedDonor.giving(STREAM));
    assertThat(refusal())
        .contains(
            "mysql-0: its certificate CN=mysql, issued by CN=stranger, cannot be verified with the authorities of this pod's ca.crt");
  }

  @Test
  void aDonorThatDoesNotAllowUsSaysSo() throws Exception {
    PodTls strict = PodTls.load(new TlsSettings(secret, AllowedSubjects.parse("CN=somebody")));
    ScriptedDonor donor = donor(Optional.of(strict), ScriptedDonor.giving(STREAM));
    assertThat(refusal())
        .containsPattern(
            "mysql-0: it (refuses this pod's certificate \\(alert certificate_unknown\\)|ended the connection right after the TLS handshake)");
    assertThat(donor.requests()).isEmpty();
  }

  @Test
  void aDonorInTheClearIsRefused() throws Exception {
    variables.put("STALL_LIMIT_SECONDS", "2");
    donor(Optional.empty(), ScriptedDonor.giving(STREAM));
    assertThat(refusal())
        .contains(
            "mysql-0: it does not answer in TLS (nothing has been received for 2 s): does it run with TLS=off?");
  }

  @Test
  void aPodInTheClearGetsNothingFromADonorWithTls() throws Exception {
    variables.put("TLS", "off");
    ScriptedDonor donor = donor(Optional.of(load(secret)), ScriptedDonor.giving(STREAM));
    assertThat(refusal())
        .contains(
            "mysql-0: the answer is not HTTP/1.1 as it should be: it is TLS, and this pod runs with TLS=off");
    assertThat(donor.requests()).isEmpty();
  }

  @Test
  void withoutACertificateNobodyIsAsked() throws Exception {
    ScriptedDonor donor = donor(Optional.empty(), ScriptedDonor.giving(STREAM));
    variables.put("TLS_DIRECTORY", root.resolve("none").toString());
    AgentProcess.End end = run();
    assertThat(end.exitCode()).as(end.log()).isEqualTo(78);
    assertThat(end.terminationMessage())
        .isEqualTo(
            """
            agent-clone: TLS_DIRECTORY is %s/none, and there is no such directory
            agent-clone: what to do: mount the Secret with tls.crt, tls.key and ca.crt there; or set TLS=off, with which everything goes unencrypted and to whoever asks\
            """,
            root);
    assertThat(donor.requests()).isEmpty();
  }

  @Test
  void aPodThatHasItsDataNeedsNoCertificate() throws Exception {
    variables.put("TLS_DIRECTORY", root.resolve("none").toString());
    Files.createDirectories(volume.data().resolve("mysql"));
    AgentProcess.End end = run();
    assertThat(end.exitCode()).as(end.log()).isZero();
    assertThat(end.output()).isEqualTo("{\"result\":\"kept\",\"pod\":\"mysql-1\"}\n");
  }

  /// With TLS's own end and without it.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aStreamThatWasCutIsNoClone(boolean withoutAWord) throws Exception {
    ScriptedDonor donor =
        donor(Optional.of(load(secret)), ScriptedDonor.cutting(STREAM, STREAM.length));
    if (withoutAWord) {
      donor.cutWithoutAWord();
    }
    assertThat(refusal())
        .contains("the backup of mysql-0 broke off after ")
        .contains("the connection was cut");
  }

  @Test
  void aRenewalDoesNotDisturbARunningStream() throws Exception {
    PodTls tls = load(secret);
    CountDownLatch renewed = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    int half = STREAM.length / 2;
    donor(
        Optional.of(tls),
        (path, out) -> {
          ScriptedDonor.writeHead(out, STREAM.length, Map.of());
          ScriptedDonor.writeChunks(out, STREAM, 0, half, 1 << 16);
          begun.countDown();
          renewed.await();
          ScriptedDonor.writeChunks(
              out,
              Arrays.copyOfRange(STREAM, half, STREAM.length),
              0,
              STREAM.length - half,
              1 << 16);
          out.write("0\r\n\r\n".getBytes(ISO_8859_1));
        });
    try (AgentProcess agent = start()) {
      begun.await();
      authority("next").issue(Request.of("/CN=renewed", DONOR, "127.0.15.1"), secret);
      assertThat(tls.reload()).isTrue();
      renewed.countDown();
      AgentProcess.End end = agent.await();
      assertThat(end.exitCode()).as(end.log()).isZero();
    }
    BACKUP.assertWholeIn(volume.data());
  }

  /// Its first attempts fail: the donor has its new certificate already.
  @Test
  void aCertificateThatComesWhileThePodWaitsIsTaken() throws Exception {
    variables.put("CLONE_TIME_LIMIT_SECONDS", "60");
    Path next = root.resolve("next");
    CertificateAuthority authority = authority("next");
    authority.issue(Request.of("/CN=mysql", DONOR), next);
    donor(Optional.of(load(next)), ScriptedDonor.giving(STREAM));
    try (AgentProcess agent = start()) {
      await()
          .atMost(AgentProcess.START_LIMIT)
          .until(() -> agent.log().contains("cannot be verified"));
      authority.issue(Request.of("/CN=renewed", "127.0.15.1"), secret);
      AgentProcess.End end = agent.await();
      assertThat(end.exitCode()).as(end.log()).isZero();
      assertThat(end.log()).contains(" INFO certificate renewed: CN=renewed, valid until 2");
    }
    BACKUP.assertWholeIn(volume.data());
  }
}
