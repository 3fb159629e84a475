package mysqlagents.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import mysqlagents.testbed.CertificateAuthority;
import mysqlagents.testbed.CertificateAuthority.Request;
import mysqlagents.tls.AllowedSubjects;
import mysqlagents.tls.PodTls;
import mysqlagents.tls.TlsSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real process, with a certificate, without one, and with TLS switched off.
class SidecarTlsTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static final byte[] STATUS_REQUEST =
      "GET /status HTTP/1.1\r\nHost: d\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path directory;

  private SidecarProcess start(Map<String, String> settings) throws IOException {
    return new SidecarProcess(directory, settings);
  }

  private Path certificate(int days) throws IOException {
    Path tls = directory.resolve("tls");
    CertificateAuthority.create(directory.resolve("authority"), "the set's")
        .issue(new Request("/CN=mysql", java.util.List.of("127.0.0.1"), days, false), tls);
    return tls;
  }

  @Test
  void servesBackupsToCertificatesOfTheAuthorityAndProbesToAll() throws Exception {
    Path tls = certificate(10);
    try (SidecarProcess sidecar =
        start(Map.of("MYSQL_PORT", "1", "TLS", "required", "TLS_DIRECTORY", tls.toString()))) {
      sidecar.awaitLog("does not answer");

      assertThat(status(tls, sidecar.backupPort)).startsWith("HTTP/1.1 200");
      assertThat(sidecar.manage("/livez").statusCode()).isEqualTo(200);
      assertThat(sidecar.manage("/metrics").body())
          .contains("mysql_agents_tls_enabled 1.0")
          .contains("mysql_agents_tls_handshake_failures_total 0.0");
      assertThat(metric(sidecar, "mysql_agents_tls_certificate_expiry_timestamp_seconds"))
          .isEqualTo((double) endOf(tls).getEpochSecond());
      assertThat(inTheClear(sidecar.backupPort)).doesNotContain("HTTP");
      await()
          .atMost(LIMIT)
          .until(() -> metric(sidecar, "mysql_agents_tls_handshake_failures_total") == 1);
      assertThat(sidecar.log())
          .contains("INFO TLS: CN=mysql, valid until")
          .doesNotContain("WARN TLS=off");
    }
  }

  private static double metric(SidecarProcess sidecar, String name) throws Exception {
    return sidecar
        .manage("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static Instant endOf(Path tls) throws Exception {
    return PodTls.load(new TlsSettings(tls, AllowedSubjects.ANY)).expiresAt();
  }

  /// What a stranger without TLS is told.
  private static String inTheClear(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      socket.getOutputStream().write(STATUS_REQUEST);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException reset) {
      return "";
    }
  }

  private static String status(Path tls, int port) throws Exception {
    PodTls pod = PodTls.load(new TlsSettings(tls, AllowedSubjects.ANY));
    try (SSLSocket socket =
        (SSLSocket)
            pod.context().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      socket.getOutputStream().write(STATUS_REQUEST);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void doesNotServeWithoutACertificate() throws Exception {
    Path missing = directory.resolve("no-such-directory");
    try (SidecarProcess sidecar =
        start(Map.of("TLS", "required", "TLS_DIRECTORY", missing.toString()))) {
      assertThat(sidecar.process.waitFor(LIMIT)).isEqualTo(78);
      assertThat(Files.readString(directory.resolve("termination-message")))
          .contains("TLS_DIRECTORY")
          .contains(missing.toString())
          .contains("TLS=off");
      assertThat(sidecar.log()).doesNotContain("backups on port");
    }
  }

  @Test
  void doesNotServeWithACertificateThatHasExpired() throws Exception {
    Path tls = certificate(-1);
    try (SidecarProcess sidecar =
        start(Map.of("TLS", "required", "TLS_DIRECTORY", tls.toString()))) {
      assertThat(sidecar.process.waitFor(LIMIT)).isNotZero();
      assertThat(sidecar.log()).contains("expired").doesNotContain("backups on port");
    }
  }

  @Test
  void saysAtEachStartThatTlsIsOff() throws Exception {
    try (SidecarProcess sidecar = start(Map.of("MYSQL_PORT", "1", "TLS", "off"))) {
      sidecar.awaitLog("does not answer");

      assertThat(sidecar.log())
          .contains("WARN TLS=off: whoever reaches the backup port gets a backup, unencrypted");
      assertThat(sidecar.manage("/metrics").body())
          .contains("mysql_agents_tls_enabled 0.0")
          .contains("mysql_agents_tls_certificate_expiry_timestamp_seconds NaN");
    }
  }

  @Test
  void saysWhatTlsMayBe() throws Exception {
    try (SidecarProcess sidecar = start(Map.of("TLS", "yes", "TLS_ALLOWED_SUBJECTS", "mysql"))) {
      assertThat(sidecar.process.waitFor(LIMIT)).isEqualTo(78);
      assertThat(sidecar.log())
          .contains("TLS is 'yes'; expected required or off")
          .contains("TLS_ALLOWED_SUBJECTS is 'mysql'; expected distinguished names");
    }
  }
}
