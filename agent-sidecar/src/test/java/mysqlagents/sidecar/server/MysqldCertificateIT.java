package mysqlagents.sidecar.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import mysqlagents.testbed.CertificateAuthority;
import mysqlagents.testbed.CertificateAuthority.Request;
import mysqlagents.testbed.MariaDbServer;
import mysqlagents.tls.AllowedSubjects;
import mysqlagents.tls.MysqldTlsFiles;
import mysqlagents.tls.TlsSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class MysqldCertificateIT {
  private static final Duration SOON = Duration.ofMillis(200);
  private static final Duration NEVER = Duration.ofHours(1);

  /// Held here, for a logger that nobody holds is forgotten with its handlers.
  private static final Logger LOG = Logger.getLogger(MysqldCertificate.class.getName());

  @TempDir Path directory;

  private final List<String> log = new CopyOnWriteArrayList<>();
  private final Handler recorder = new Recorder();
  private TlsSettings tls = new TlsSettings(Path.of(""), AllowedSubjects.ANY);

  @SuppressWarnings("NullAway.Init")
  private CertificateAuthority authority;

  private final class Recorder extends Handler {
    @Override
    public void publish(LogRecord line) {
      log.add(line.getLevel() + " " + line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void begin() throws IOException {
    authority = CertificateAuthority.create(directory.resolve("authority"), "set");
    tls = new TlsSettings(directory.resolve("tls"), AllowedSubjects.ANY);
    LOG.addHandler(recorder);
  }

  @AfterEach
  void end() {
    LOG.removeHandler(recorder);
  }

  private void issue(int days) throws IOException {
    issue(days, tls.directory());
  }

  private void issue(int days, Path target) throws IOException {
    authority.issue(new Request("/CN=mysql", List.of("127.0.0.1"), days, false), target);
  }

  private interface Scenario {
    void play(MariaDbServer mysqld, MysqldCertificate certificate) throws Exception;
  }

  private void with(Duration interval, Scenario scenario, String... options) throws Exception {
    Path password = directory.resolve("password");
    try (MariaDbServer mysqld = MariaDbServer.builder().binlog(true).options(options).start()) {
      Files.writeString(password, mysqld.rootPassword());
      try (Server server =
              new Server(
                  mysqld.address(), mysqld.port(), new Account("root", Optional.of(password)));
          MysqldCertificate certificate =
              new MysqldCertificate(server, mysqld.address(), mysqld.port(), tls, interval)) {
        certificate.start();
        scenario.play(mysqld, certificate);
      }
    }
  }

  private String[] options() {
    MysqldTlsFiles files = MysqldTlsFiles.in(tls.directory());
    return new String[] {
      "--ssl-ca=" + files.authority(),
      "--ssl-cert=" + files.certificate(),
      "--ssl-key=" + files.key()
    };
  }

  /// The certificate that a new client is shown.
  private static String shown(MariaDbServer mysqld) throws Exception {
    Process client =
        new ProcessBuilder(
                "openssl",
                "s_client",
                "-starttls",
                "mysql",
                "-connect",
                mysqld.address() + ":" + mysqld.port())
            .redirectErrorStream(true)
            .start();
    client.getOutputStream().close();
    String text = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    client.waitFor();
    return text.substring(
            text.indexOf("-----BEGIN CERTIFICATE-----"), text.indexOf("-----END CERTIFICATE-----"))
        .strip();
  }

  private String inTheFiles() throws IOException {
    String pem = Files.readString(tls.certificate());
    return pem.substring(pem.indexOf("-----BEGIN"), pem.indexOf("-----END")).strip();
  }

  private void awaitShown(MariaDbServer mysqld) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(shown(mysqld)).isEqualTo(inTheFiles()));
  }

  private void awaitLog(String words) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(String.join("\n", log)).contains(words));
  }

  @Test
  void newConnectionsAreShownARenewedCertificateAndTheBinaryLogNothing() throws Exception {
    issue(10);
    with(
        SOON,
        (mysqld, _) -> {
          String before = String.valueOf(mysqld.value("SHOW MASTER STATUS"));
          String position = String.valueOf(mysqld.value("SELECT @@gtid_binlog_pos"));
          String old = shown(mysqld);
          assertThat(old).isEqualTo(inTheFiles());
          awaitLog("mysqld uses the certificate");
          issue(20);
          awaitShown(mysqld);
          assertThat(shown(mysqld)).isNotEqualTo(old);
          // It is said a moment after new clients see it.
          await()
              .atMost(Duration.ofSeconds(20))
              .untilAsserted(() ->
                  assertThat(log)
                      .filteredOn(line -> line.startsWith("INFO mysqld uses the certificate"))
                      .hasSize(2));
          assertThat(mysqld.value("SHOW MASTER STATUS")).isEqualTo(before);
          assertThat(mysqld.value("SELECT @@gtid_binlog_pos")).isEqualTo(position);
        },
        options());
  }

  @Test
  void isQuickerWhenItIsTold() throws Exception {
    issue(10);
    with(
        NEVER,
        (mysqld, certificate) -> {
          awaitLog("mysqld uses the certificate");
          issue(20);
          certificate.renewed();
          awaitShown(mysqld);
        },
        options());
  }

  @Test
  void tellsAServerWhoseCertificateHasExpired() throws Exception {
    issue(-1);
    with(
        SOON,
        (mysqld, _) -> {
          awaitLog("mysqld uses the certificate");
          issue(10);
          awaitShown(mysqld);
        },
        options());
  }

  @Test
  void keepsTheOldOneWhileTheFilesDoNotFit() throws Exception {
    issue(10);
    with(
        SOON,
        (mysqld, _) -> {
          awaitLog("mysqld uses the certificate");
          String old = shown(mysqld);
          // Never both at once, or a look might find files that fit.
          TlsSettings renewed = new TlsSettings(directory.resolve("renewed"), AllowedSubjects.ANY);
          issue(20, renewed.directory());
          Files.move(renewed.certificate(), tls.certificate(), StandardCopyOption.ATOMIC_MOVE);
          awaitLog("WARNING mysqld cannot be given the certificate");
          assertThat(shown(mysqld)).isEqualTo(old);
          Files.move(renewed.key(), tls.key(), StandardCopyOption.ATOMIC_MOVE);
          awaitShown(mysqld);
        },
        options());
  }

  @Test
  void tellsItOnceItAnswersAgain() throws Exception {
    issue(10);
    with(
        SOON,
        (mysqld, _) -> {
          awaitLog("mysqld uses the certificate");
          mysqld.freeze();
          try {
            issue(20);
            Thread.sleep(SOON.multipliedBy(3));
          } finally {
            mysqld.thaw();
          }
          awaitShown(mysqld);
        },
        options());
  }

  @Test
  void doesNotTakeSilenceForSuccess() throws Exception {
    issue(10);
    with(
        SOON,
        (_, _) ->
            awaitLog("WARNING mysqld has no certificate: let agent-init run with TLS=required"));
    Path elsewhere = directory.resolve("elsewhere");
    authority.issue(new Request("/CN=x", List.of("127.0.0.1"), 5, true), elsewhere);
    with(
        SOON,
        (_, _) -> awaitLog("see that its ssl-cert leads to the same file (MYSQLD_TLS_DIRECTORY)"),
        "--ssl-ca=" + elsewhere.resolve("ca.crt"),
        "--ssl-cert=" + elsewhere.resolve("tls.crt"),
        "--ssl-key=" + elsewhere.resolve("tls.key"));
  }
}
