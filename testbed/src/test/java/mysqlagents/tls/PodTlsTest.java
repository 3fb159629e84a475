package mysqlagents.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;
import mysqlagents.testbed.CertificateAuthority;
import mysqlagents.testbed.CertificateAuthority.Request;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Handshakes of real engines with certificates of a real authority.
@Timeout(120)
final class PodTlsTest {
  private static final String NAME = "mysql-0.mysql";
  private static final Request POD = Request.of("/O=shop/CN=mysql", NAME, "mysql", "127.0.0.1");

  @TempDir private Path root;
  private Pki pki = new Pki(Path.of(""));
  private CertificateAuthority authority = noAuthority();
  private Path secret = Path.of("");

  @SuppressWarnings("NullAway") // made before each test
  private static CertificateAuthority noAuthority() {
    return null;
  }

  @BeforeEach
  void issue() throws IOException {
    pki = new Pki(root);
    authority = pki.authority("set");
    secret = pki.secret(authority, "pod", POD);
  }

  private static void connect(PodTls client, PodTls server) throws SSLException {
    new EnginePair(client.clientEngine(NAME, 3307), server.serverEngine()).connect();
  }

  private static void assertConnects(PodTls client, PodTls server) {
    assertThatCode(() -> connect(client, server)).doesNotThrowAnyException();
  }

  private static String refusal(PodTls client, PodTls server) {
    return refusal(new EnginePair(client.clientEngine(NAME, 3307), server.serverEngine()));
  }

  private static String refusal(EnginePair pair) {
    SSLException failure = catchThrowableOfType(SSLException.class, pair::connect);
    assertThat(failure).isNotNull();
    return String.valueOf(TlsException.explaining(failure).getMessage());
  }

  // ---- whom it believes

  @Test
  void twoPodsOfASetBelieveEachOtherInTls13() throws Exception {
    PodTls tls = Pki.load(secret);
    SSLEngine client = tls.clientEngine(NAME, 3307);
    SSLEngine server = tls.serverEngine();
    new EnginePair(client, server).connect();
    assertThat(server.getSession().getProtocol()).isEqualTo("TLSv1.3");
    assertThat(server.getSession().getPeerPrincipal()).hasToString("CN=mysql, O=shop");
    assertThat(tls.subject()).isEqualTo("CN=mysql,O=shop");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "127.0.0.1", "MYSQL-0.mysql"})
  void everyNameOfTheCertificateIsGood(String name) throws Exception {
    PodTls tls = Pki.load(secret);
    new EnginePair(tls.clientEngine(name, 3307), tls.serverEngine()).connect();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql-1.mysql", "127.0.0.2", "mysql-0.mysql.evil", "::1"})
  void anotherNameIsNot(String name) throws Exception {
    PodTls tls = Pki.load(secret);
    assertThat(refusal(new EnginePair(tls.clientEngine(name, 3307), tls.serverEngine())))
        .isEqualTo(
            "its certificate CN=mysql,O=shop is good for mysql-0.mysql, mysql, 127.0.0.1 and not for %s, the name that was asked for",
            name);
  }

  @Test
  void aWildcardIsGoodForEveryPod() throws Exception {
    PodTls tls = Pki.load(pki.secret(authority, "wild", Request.of("/CN=mysql", "*.mysql")));
    assertConnects(tls, tls);
  }

  @Test
  void aPodOfAnotherAuthorityIsBelievedByNeitherSide() throws Exception {
    PodTls ours = Pki.load(secret);
    PodTls other = Pki.load(pki.secret(pki.authority("other"), "other", POD));
    assertThat(refusal(ours, other))
        .startsWith(
            "its certificate CN=mysql,O=shop, issued by CN=other, cannot be verified with the authorities of this pod's ca.crt (");

    // A client that believes both, and is of the other authority, is not believed by ours. It has
    // no certificate that ours asks for, and so shows none.
    Files.writeString(
        root.resolve("other/ca.crt"),
        Files.readString(secret.resolve("ca.crt"))
            + Files.readString(root.resolve("other/ca.crt")));
    assertThat(refusal(Pki.load(root.resolve("other")), ours))
        .isEqualTo("it shows no certificate of an authority in this pod's ca.crt");
  }

  @Test
  void onlyAllowedSubjectsComeIn() throws Exception {
    PodTls strict =
        PodTls.load(
            new TlsSettings(secret, AllowedSubjects.parse("O=shop,CN=backup; CN=mysql , O=shop")));
    assertConnects(Pki.load(secret), strict);
    PodTls guest = Pki.load(pki.secret(authority, "guest", Request.of("/O=shop/CN=guest", NAME)));
    assertThat(refusal(guest, strict))
        .isEqualTo(
            "its certificate's subject CN=guest,O=shop is not among TLS_ALLOWED_SUBJECTS (O=shop,CN=backup; CN=mysql,O=shop)");
    // Whom a pod asks is a matter of names.
    assertConnects(strict, guest);
  }

  @Test
  void whoShowsNoCertificateIsRefused() throws Exception {
    KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
    authorities.load(null, null);
    authorities.setCertificateEntry("set", Pki.load(secret).identity().authorities().getFirst());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authorities);
    SSLContext anonymous = SSLContext.getInstance("TLS");
    anonymous.init(null, trust.getTrustManagers(), null);
    SSLEngine client = anonymous.createSSLEngine(NAME, 3307);
    client.setUseClientMode(true);
    assertThat(refusal(new EnginePair(client, Pki.load(secret).serverEngine())))
        .isEqualTo("it shows no certificate of an authority in this pod's ca.crt");
  }

  @Test
  void anExpiredCertificateIsRefusedByTheOtherSide() throws Exception {
    Instant end = Instant.parse("2024-03-01T12:00:00Z");
    Path old = pki.expired(root.resolve("authority-set"), "old", NAME, end);
    // As in a pod that has been running since before the end.
    PodTls expired =
        PodTls.load(new TlsSettings(old, AllowedSubjects.ANY), () -> end.minusSeconds(60));
    PodTls ours = Pki.load(secret);
    assertThat(refusal(ours, expired)).isEqualTo("its certificate CN=old has expired on " + end);
    assertThat(refusal(expired, ours)).isEqualTo("its certificate CN=old has expired on " + end);
  }

  @Test
  void severalAuthoritiesAreBelievedWhileASetChangesFromOneToTheNext() throws Exception {
    CertificateAuthority next = pki.authority("next");
    Path renewed = pki.secret(next, "renewed", POD);
    String both =
        Files.readString(secret.resolve("ca.crt")) + Files.readString(renewed.resolve("ca.crt"));
    Files.writeString(secret.resolve("ca.crt"), both);
    Files.writeString(renewed.resolve("ca.crt"), both);
    assertConnects(Pki.load(secret), Pki.load(renewed));
    assertConnects(Pki.load(renewed), Pki.load(secret));
  }

  /// The file holds the pod's certificate and the intermediate's; `ca.crt` the root's alone.
  @Test
  void intermediateCertificatesAreSentAlong() throws Exception {
    Path work = pki.chain(authority, "intermediate", NAME);
    Files.writeString(
        work.resolve("tls.crt"),
        Files.readString(work.resolve("p.crt")) + Files.readString(work.resolve("i.crt")));
    PodTls tls = Pki.load(work);
    assertConnects(Pki.load(secret), tls);
    assertConnects(tls, Pki.load(secret));
    assertThat(tls.expiresAt())
        .as("the first of the chain to end")
        .isBefore(Instant.now().plus(2, ChronoUnit.DAYS).plusSeconds(1));

    Files.copy(work.resolve("p.crt"), work.resolve("tls.crt"), StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> Pki.load(work))
        .hasMessage(
            "the certificate CN=pod in %s/tls.crt, issued by CN=between, cannot be verified with %s/ca.crt",
            work, work);
  }

  /// People put certificates into the file as they come, and authorities that they renewed twice.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "leaf root between",
        "leaf between root root",
        "leaf between between",
        "leaf other between root",
      })
  void theOrderOfTheFileDoesNotMatter(String order) throws Exception {
    Path work = pki.chain(authority, "intermediate", NAME);
    write(
        work,
        order,
        Map.of(
            "leaf", work.resolve("p.crt"),
            "between", work.resolve("i.crt"),
            "root", authority.certificate(),
            "other", pki.authority("other").certificate()));
    PodTls tls = Pki.load(work);
    assertConnects(Pki.load(secret), tls);
    assertConnects(tls, Pki.load(secret));
    assertThat(names(tls)).startsWith("CN=pod", "CN=between").doesNotContain("CN=other");
    assertThat(names(tls)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(strings = {"leaf root root", "leaf new old", "leaf old new", "leaf other"})
  void anAuthorityBehindTheCertificateDoesNoHarm(String order) throws Exception {
    // As when an authority is renewed under its name, with another key.
    CertificateAuthority renewed =
        CertificateAuthority.create(root.resolve("authority-renewed"), "set");
    write(
        secret,
        order,
        Map.of(
            "leaf", Files.copy(secret.resolve("tls.crt"), root.resolve("leaf")),
            "root", authority.certificate(),
            "old", authority.certificate(),
            "new", renewed.certificate(),
            "other", pki.authority("other").certificate()));
    PodTls tls = Pki.load(secret);
    assertConnects(tls, tls);
    assertThat(names(tls)).startsWith("CN=mysql,O=shop").hasSizeLessThanOrEqualTo(2);
  }

  private static void write(Path directory, String order, Map<String, Path> files)
      throws IOException {
    StringBuilder text = new StringBuilder();
    for (String name : List.of(order.split(" ", -1))) {
      text.append(Files.readString(Objects.requireNonNull(files.get(name))));
    }
    Files.writeString(directory.resolve("tls.crt"), text);
  }

  private static List<String> names(PodTls tls) {
    return tls.identity().chain().stream()
        .map(certificate -> certificate.getSubjectX500Principal().getName())
        .toList();
  }

  // ---- what it reads

  @ParameterizedTest
  @ValueSource(strings = {"pkcs8", "traditional"})
  void readsRsaAndEcKeysInEveryUsualForm(String form) throws Exception {
    for (boolean rsa : new boolean[] {true, false}) {
      Path directory =
          pki.secret(authority, form + rsa, new Request("/CN=x", List.of(NAME), 3, rsa));
      if (form.equals("traditional")) {
        Pki.openssl(
            directory,
            rsa ? "rsa" : "ec",
            rsa ? "-traditional" : "-no_public",
            "-in",
            "tls.key",
            "-out",
            "tls.key");
      }
      assertThat(Files.readString(directory.resolve("tls.key")))
          .startsWith(
              form.equals("pkcs8")
                  ? "-----BEGIN PRIVATE KEY-----"
                  : rsa ? "-----BEGIN RSA PRIVATE KEY-----" : "-----BEGIN EC PRIVATE KEY-----");
      PodTls tls = Pki.load(directory);
      assertConnects(tls, tls);
      assertConnects(Pki.load(secret), tls);
    }
  }

  /// `openssl ecparam -genkey` puts the curve before the key.
  @Test
  void textAroundTheKeyDoesNoHarm() throws Exception {
    Pki.openssl(secret, "ec", "-in", "tls.key", "-out", "tls.key");
    Path key = secret.resolve("tls.key");
    Files.writeString(
        key,
        "Clé:\n-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
            + Files.readString(key)
            + "\n\n");
    Path certificate = secret.resolve("tls.crt");
    Files.writeString(certificate, "subject=CN = mysql\n" + Files.readString(certificate));
    PodTls tls = Pki.load(secret);
    assertConnects(tls, tls);
  }

  private AgentFailure failure() {
    AgentFailure failure = catchThrowableOfType(AgentFailure.class, () -> Pki.load(secret));
    assertThat(failure).isNotNull();
    assertThat(failure.remedy())
        .contains("Secret")
        .endsWith("or set TLS=off, with which everything goes unencrypted and to whoever asks");
    return failure;
  }

  @Test
  void aMissingDirectoryIsNamedWithItsSetting() throws Exception {
    Path there = secret;
    secret = root.resolve("nowhere");
    AgentFailure failure = failure();
    assertThat(failure).hasMessage("TLS_DIRECTORY is %s, and there is no such directory", secret);
    assertThat(failure.exitCode()).isEqualTo(ExitCode.MISCONFIGURED);
    assertThat(there).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls.crt", "tls.key", "ca.crt"})
  void aMissingFileIsNamed(String name) throws Exception {
    Files.delete(secret.resolve(name));
    AgentFailure failure = failure();
    assertThat(failure)
        .hasMessage("cannot read %s of TLS_DIRECTORY: no such file", secret.resolve(name));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.NO_INPUT);

    // Whoever runs the tests may read every file; a directory nobody can.
    Files.createDirectory(secret.resolve(name));
    assertThat(failure())
        .hasMessage("cannot read %s of TLS_DIRECTORY: Is a directory", secret.resolve(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nx!",
        "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n",
      })
  void whatIsNotPemIsNamed(String text) throws Exception {
    for (String name : List.of("tls.crt", "ca.crt", "tls.key")) {
      Path file = secret.resolve(name);
      String before = Files.readString(file);
      Files.writeString(file, text);
      assertThat(failure())
          .hasMessage(
              "%s holds no %s in PEM", file, name.equals("tls.key") ? "private key" : "certificate")
          .hasNoCause();
      Files.writeString(file, before);
    }
  }

  @Test
  void anEncryptedKeyIsNamed() throws Exception {
    Pki.openssl(
        secret,
        "pkcs8",
        "-topk8",
        "-in",
        "tls.key",
        "-out",
        "encrypted",
        "-passout",
        "pass:secret");
    Files.move(
        secret.resolve("encrypted"),
        secret.resolve("tls.key"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThat(failure())
        .hasMessage(
            "%s/tls.key is encrypted with a password, and there is no setting for one", secret);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aKeyOfAnotherCertificateIsNamed(boolean rsa) throws Exception {
    Path other = pki.secret(authority, "x", new Request("/CN=x", List.of(NAME), 3, rsa));
    Files.copy(
        other.resolve("tls.key"), secret.resolve("tls.key"), StandardCopyOption.REPLACE_EXISTING);
    AgentFailure failure = failure();
    assertThat(failure)
        .hasMessage("%s/tls.key is not the key of the certificate in %s/tls.crt", secret, secret);
    assertThat(failure.exitCode()).isEqualTo(ExitCode.MISCONFIGURED);
  }

  @Test
  void aCertificateOfAnotherAuthorityIsNamed() throws Exception {
    Files.copy(
        pki.authority("other").certificate(),
        secret.resolve("ca.crt"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThat(failure())
        .hasMessage(
            "the certificate CN=mysql,O=shop in %s/tls.crt, issued by CN=set, cannot be verified with %s/ca.crt",
            secret, secret);
  }

  @Test
  void anExpiredCertificateIsNamed() throws Exception {
    authority.issue(new Request("/CN=old", List.of(NAME), -1, false), secret);
    assertThat(failure())
        .hasMessageMatching(
            "the certificate CN=old of %s has expired on 2[-0-9]+T[0-9:]+Z".formatted(secret));
  }

  @Test
  void aCertificateThatHasNotBegunIsNamed() {
    InstantSource early = () -> Instant.now().minus(Duration.ofDays(1));
    assertThatThrownBy(() -> PodTls.load(new TlsSettings(secret, AllowedSubjects.ANY), early))
        .hasMessageMatching(
            "the certificate CN=mysql,O=shop of %s begins on \\S+, and it is \\S+ by this machine's clock"
                .formatted(secret));
  }

  @Test
  void noTextOfItsOwnHasTheKey() throws Exception {
    String key = Files.readString(secret.resolve("tls.key")).lines().toList().get(1);
    TlsSettings settings = new TlsSettings(secret, AllowedSubjects.ANY);
    PemFiles files = PemFiles.read(settings);
    assertThat(files.key()).contains(key);
    assertThat(files.toString() + Pki.load(secret).identity()).doesNotContain(key);
  }

  // ---- renewal

  @Test
  void renewedFilesAreTakenAndRunningConnectionsGoOn() throws Exception {
    PodTls server = Pki.load(secret);
    PodTls client = Pki.load(pki.secret(authority, "client", POD));
    EnginePair running = new EnginePair(client.clientEngine(NAME, 3307), server.serverEngine());
    running.connect();
    Instant before = server.expiresAt();
    assertThat(server.reload()).isFalse();

    authority.issue(new Request("/CN=renewed", List.of(NAME), 20, true), secret);
    assertThat(server.reload()).isTrue();

    assertThat(server.expiresAt()).isAfter(before.plus(Duration.ofDays(9)));
    EnginePair next = new EnginePair(client.clientEngine(NAME, 3307), server.serverEngine());
    next.connect();
    assertThat(next.client.getSession().getPeerPrincipal()).hasToString("CN=renewed");
    SSLEngine ofContext = server.context().createSSLEngine();
    ofContext.setUseClientMode(false);
    ofContext.setSSLParameters(server.serverParameters());
    EnginePair third = new EnginePair(client.clientEngine(NAME, 3307), ofContext);
    third.connect();
    assertThat(third.client.getSession().getPeerPrincipal()).hasToString("CN=renewed");

    running.pass(running.client, running.server, 5);
    running.pass(running.server, running.client, 6);
    assertThat(running.client.getSession().getPeerPrincipal()).hasToString("CN=mysql, O=shop");
  }

  @Test
  void aKeyOfAnotherKindInItsOldFormIsNamedToo() throws Exception {
    Path other = pki.secret(authority, "x", new Request("/CN=x", List.of(NAME), 3, true));
    Pki.openssl(other, "rsa", "-traditional", "-in", "tls.key", "-out", "tls.key");
    Files.copy(
        other.resolve("tls.key"), secret.resolve("tls.key"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(failure())
        .hasMessage("%s/tls.key is not the key of the certificate in %s/tls.crt", secret, secret);
  }

  @Test
  void aHalfWrittenRenewalChangesNothingUntilItIsWhole() throws Exception {
    PodTls server = Pki.load(secret);
    PodTls client = Pki.load(pki.secret(authority, "client", POD));
    Path renewed =
        pki.secret(authority, "renewed", new Request("/CN=renewed", List.of(NAME), 20, false));

    Files.copy(
        renewed.resolve("tls.crt"), secret.resolve("tls.crt"), StandardCopyOption.REPLACE_EXISTING);
    for (int look = 0; look < 2; look++) {
      assertThatThrownBy(server::reload).hasMessageContaining("is not the key of the certificate");
      assertThat(server.subject()).isEqualTo("CN=mysql,O=shop");
      assertConnects(client, server);
    }
    Files.copy(
        renewed.resolve("tls.key"), secret.resolve("tls.key"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(server.reload()).isTrue();
    assertThat(server.subject()).isEqualTo("CN=renewed");
    assertConnects(client, server);
  }

  /// What a session remembers does not outlive the authority that it was made with.
  @Test
  void anAuthorityThatIsTakenAwayIsNotBelievedFromMemory() throws Exception {
    CertificateAuthority next = pki.authority("next");
    Path other = pki.secret(next, "other", POD);
    String both =
        Files.readString(secret.resolve("ca.crt")) + Files.readString(other.resolve("ca.crt"));
    Files.writeString(other.resolve("ca.crt"), both);
    PodTls client = Pki.load(secret);
    PodTls server = Pki.load(other);
    Files.writeString(secret.resolve("ca.crt"), both);
    client.reload();
    assertConnects(client, server);
    assertConnects(client, server);

    Files.copy(next.certificate(), other.resolve("ca.crt"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(server.reload()).isTrue();
    assertThat(refusal(client, server))
        .isEqualTo("it shows no certificate of an authority in this pod's ca.crt");
  }
}
