package mysqlagents.sidecar.donor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import mysqlagents.sidecar.donor.RawClient.Answer;
import mysqlagents.sidecar.donor.TestDonor.Limits;
import mysqlagents.sidecar.http.PortTls;
import mysqlagents.testbed.CertificateAuthority;
import mysqlagents.tls.AllowedSubjects;
import mysqlagents.tls.PodTls;
import mysqlagents.tls.TlsSettings;
import mysqlagents.wire.client.HttpConnection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who gets in over TLS, and what those cost who do not.
class DonorTlsTest {
  private static final String SHORT = "echo x\n" + TestDonor.COMPLETED;

  @TempDir Path root;
  private TestCertificates certificates;

  @BeforeEach
  void issueCertificates() throws Exception {
    certificates = TestCertificates.in(root);
  }

  private TestDonor donor(String script) throws Exception {
    return donor(Limits.WIDE, script);
  }

  private TestDonor donor(Limits limits, String script) throws Exception {
    return TestDonor.start(root, limits, script, certificates.pod());
  }

  private static long refused(TestDonor donor) {
    return donor.tls.orElseThrow().refused();
  }

  /// Tries to get a backup; a handshake that fails is an empty answer.
  private static Answer askAs(SSLContext who, TestDonor donor) throws IOException {
    try (RawClient client =
        new RawClient(
            who.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), donor.port()))) {
      client.askFor("/backup");
      return client.readAll();
    } catch (IOException handshake) {
      return Answer.of(new byte[0]);
    }
  }

  private static void assertKeptOut(SSLContext stranger, TestDonor donor, String why)
      throws Exception {
    try (LogLines log = LogLines.of("mysqlagents.sidecar.http")) {
      assertThat(askAs(stranger, donor).head()).isEmpty();

      await().until(() -> refused(donor) == 1);
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("refused a connection from /127.0.0.1:")
          .contains(why);
      assertThat(donor.toolHasBegun()).isFalse();
      assertThat(donor.get("/backup").isWhole()).isTrue();
    }
  }

  @Test
  void keepsOutWhoeverHasNoCertificate() throws Exception {
    try (TestDonor donor = donor(SHORT)) {
      assertKeptOut(
          withoutCertificate(),
          donor,
          "it shows no certificate of an authority in this pod's ca.crt");
    }
  }

  @Test
  void keepsOutCertificatesOfAnotherAuthority() throws Exception {
    CertificateAuthority others = CertificateAuthority.create(root.resolve("others"), "others'");
    Path directory = root.resolve("stranger");
    others.issue(CertificateAuthority.Request.of(TestCertificates.SUBJECT, "127.0.0.1"), directory);
    // It believes the donor; only the donor does not believe it.
    Files.copy(certificates.authority().certificate(), directory.resolve("ca.crt.new"));
    Files.writeString(
        directory.resolve("ca.crt"),
        Files.readString(directory.resolve("ca.crt"))
            + Files.readString(directory.resolve("ca.crt.new")));
    PodTls stranger = PodTls.load(new TlsSettings(directory, AllowedSubjects.ANY));
    try (TestDonor donor = donor(SHORT)) {
      assertKeptOut(stranger.context(), donor, "certificate");
    }
  }

  @Test
  void keepsOutSubjectsThatAreNotAllowed() throws Exception {
    PodTls own =
        PodTls.load(new TlsSettings(root.resolve("pod"), AllowedSubjects.parse("CN=mysql,O=shop")));
    PodTls stranger = certificates.other("stranger", "/O=shop/CN=web");
    try (TestDonor donor = TestDonor.start(root, Limits.WIDE, SHORT, own)) {
      assertKeptOut(
          stranger.context(),
          donor,
          "its certificate's subject CN=web,O=shop is not among TLS_ALLOWED_SUBJECTS");
    }
  }

  @Test
  void answersWhicheverNameItIsAskedBy() throws Exception {
    try (TestDonor donor = donor(SHORT)) {
      var sockets = donor.tls.orElseThrow().certificate().context().getSocketFactory();
      Socket plain = new Socket(InetAddress.getLoopbackAddress(), donor.port());
      try (RawClient client =
          new RawClient(sockets.createSocket(plain, "some.other.name", donor.port(), true))) {
        client.askFor("/status");
        assertThat(client.readAll().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void usesARenewedCertificateForNewConnectionsWhileABackupGoesOn() throws Exception {
    PodTls tls = certificates.pod();
    String waiting =
        "echo begin\nwhile [ ! -e $LAB/go ]; do sleep 0.05; done\nhead -c 3000000 /dev/zero\n";
    try (TestDonor donor = TestDonor.start(root, Limits.WIDE, waiting + TestDonor.COMPLETED, tls);
        RawClient recipient = donor.client()) {
      recipient.askFor("/backup");
      await().until(donor::toolHasBegun);
      X509Certificate before = shown(donor);

      certificates.issue("pod", TestCertificates.SUBJECT);
      assertThat(tls.reload()).isTrue();

      assertThat(shown(donor)).isNotEqualTo(before);
      Files.createFile(donor.lab.resolve("go"));
      Answer answer = recipient.readAll();
      assertThat(answer.isWhole()).isTrue();
      assertThat(answer.body()).hasSizeGreaterThan(3_000_000);
    }
  }

  @Test
  void saysGoodbyeAfterAWholeBackupOnly() throws Exception {
    String some = "head -c 300000 /dev/zero\n";
    try (TestDonor donor = donor(some + TestDonor.COMPLETED)) {
      assertThat(lastRecordOfABackup(donor)).isEqualTo(RecordCounter.ALERT);
    }
    try (TestDonor donor = donor(some + "exit 1\n")) {
      assertThat(lastRecordOfABackup(donor)).isNotEqualTo(RecordCounter.ALERT);
    }
  }

  private static int lastRecordOfABackup(TestDonor donor) throws IOException {
    try (RecordCounter counter = new RecordCounter()) {
      counter.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), donor.port()));
      var sockets = donor.tls.orElseThrow().certificate().context().getSocketFactory();
      SSLSocket socket = (SSLSocket) sockets.createSocket(counter, "127.0.0.1", donor.port(), true);
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      try (RawClient client = new RawClient(socket)) {
        client.askFor("/backup");
        assertThat(client.readAll().body()).hasSizeGreaterThanOrEqualTo(300_000);
      }
      return counter.type();
    }
  }

  @Test
  void aRecipientOfOursTakesAWholeBackupAndNeverACutOne() throws Exception {
    String some = "head -c 3000000 /dev/zero\n";
    try (TestDonor donor = donor(some + TestDonor.COMPLETED)) {
      assertThat(received(donor)).isGreaterThan(3_000_000);
    }
    try (TestDonor donor = donor(some + "exit 1\n")) {
      assertThatThrownBy(() -> received(donor)).isInstanceOf(IOException.class);
    }
  }

  /// How much of a backup came, up to the body's end.
  private static long received(TestDonor donor) throws IOException {
    try (HttpConnection connection =
        HttpConnection.open(
            "127.0.0.1",
            donor.port(),
            Duration.ofSeconds(20),
            donor.tls.map(PortTls::certificate))) {
      HttpConnection.Response response = connection.get("/backup", Map.of());
      assertThat(response.head().status()).isEqualTo(200);
      ByteBuffer buffer = ByteBuffer.allocate(1 << 17);
      long count = 0;
      try (ReadableByteChannel content = response.content()) {
        for (int length; (length = content.read(buffer.clear())) >= 0; ) {
          count += length;
        }
      }
      return count;
    }
  }

  @Test
  void fillsTheRecords() throws Exception {
    try (TestDonor donor = donor("head -c 30000000 /dev/zero\n" + TestDonor.COMPLETED);
        RecordCounter counter = new RecordCounter()) {
      counter.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), donor.port()));
      var sockets = donor.tls.orElseThrow().certificate().context().getSocketFactory();
      try (RawClient client =
          new RawClient(sockets.createSocket(counter, "127.0.0.1", donor.port(), true))) {
        client.askFor("/backup");
        assertThat(client.drain()).isGreaterThan(30_000_000);
      }

      // A record holds 16 KiB at most; a pipe may hand over less than that at a time.
      assertThat(counter.bytes() / counter.records()).isGreaterThan(8_000);
    }
  }

  /// The certificate that a new connection sees.
  private static X509Certificate shown(TestDonor donor) throws IOException {
    var sockets = donor.tls.orElseThrow().certificate().context().getSocketFactory();
    try (SSLSocket socket =
        (SSLSocket) sockets.createSocket(InetAddress.getLoopbackAddress(), donor.port())) {
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /backup HTTP/1.1\r\nHost: d\r\n\r\n",
        "\u0016\u0003\u0001\u0000\u0010no hello at all!",
        "\u0016\u0003\u0001\u00ff\u00ff",
        "\u0015\u0003\u0003\u0000\u0002\u0002(",
        "\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000",
      })
  void survivesWhateverIsNoHandshake(String bytes) throws Exception {
    // Some of them might be the beginning of one, which ends only with the connection's life.
    try (TestDonor donor = donor(Limits.SHORT_LIFE, SHORT);
        RawClient stranger = new RawClient(donor.port())) {
      stranger.say(bytes);

      assertThat(stranger.readAll().head()).doesNotContain("HTTP");
      await().until(() -> refused(donor) == 1);
      assertThat(donor.toolHasBegun()).isFalse();
      assertThat(donor.get("/backup").isWhole()).isTrue();
    }
  }

  @Test
  void tellsAPodWithTlsOffFromAStranger() throws Exception {
    try (TestDonor donor = donor(SHORT);
        LogLines log = LogLines.of("mysqlagents.sidecar.http");
        RawClient other = new RawClient(donor.port())) {
      other.askFor("/backup");
      other.readAll();

      await().until(() -> !log.lines().isEmpty());
      assertThat(log.lines().getFirst()).endsWith("does it run with TLS=off?");
    }
  }

  @Test
  void admitsRecipientsBesideHandshakesThatAreNeverFinished() throws Exception {
    try (TestDonor donor = donor("head -c 30000000 /dev/zero\n" + TestDonor.COMPLETED);
        Strangers strangers = new Strangers(donor.port())) {
      strangers.connect(150);
      for (int i = 0; i < 150; i++) {
        strangers.say("\u0016\u0003\u0001\u0002\u0000");
      }
      strangers.trickle("\u0016\u0003\u0001\u0002\u0000\u0001", Duration.ofMillis(100));
      strangers.comeBackForever(100);
      strangers.pourForever("");

      for (int i = 0; i < 3; i++) {
        assertThat(donor.get("/backup").isWhole()).isTrue();
      }
    }
  }

  @Test
  void endsAHandshakeThatIsNeverFinished() throws Exception {
    try (TestDonor donor = donor(Limits.SHORT_LIFE, SHORT);
        Strangers strangers = new Strangers(donor.port())) {
      strangers.trickle("\u0016\u0003\u0001\u0002\u0000\u0001", Duration.ofMillis(100));

      await()
          .atMost(TestDonor.END_OF_LIFE)
          .until(() -> strangers.thrownOut() == 1 && donor.connections() == 0);
    }
  }

  @Test
  void doesNotFillTheLogWithStrangers() throws Exception {
    try (TestDonor donor = donor(SHORT);
        LogLines log = LogLines.of("mysqlagents.sidecar.http")) {
      for (int i = 0; i < 300; i++) {
        try (RawClient stranger = new RawClient(donor.port())) {
          stranger.say("GET / HTTP/1.1\r\n\r\n");
          stranger.readAll();
        }
      }

      await().until(() -> refused(donor) == 300);
      assertThat(log.lines()).hasSize(5);
    }
  }

  /// Believes the set's authority, and has nothing to show.
  private SSLContext withoutCertificate() throws IOException, GeneralSecurityException {
    KeyStore believed = KeyStore.getInstance(KeyStore.getDefaultType());
    believed.load(null, null);
    try (var pem = Files.newInputStream(certificates.authority().certificate())) {
      believed.setCertificateEntry(
          "set", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(believed);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
