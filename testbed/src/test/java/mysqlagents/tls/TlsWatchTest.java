package mysqlagents.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import mysqlagents.testbed.CertificateAuthority;
import mysqlagents.testbed.CertificateAuthority.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class TlsWatchTest {
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Logger LOG = Logger.getLogger(TlsWatch.class.getName());

  @TempDir private Path root;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Handler log = new Lines();
  private Pki pki = new Pki(Path.of(""));
  private Path secret = Path.of("");
  private volatile Instant now = Instant.EPOCH;

  private final class Lines extends Handler {
    @Override
    public void publish(LogRecord event) {
      lines.add(event.getLevel() + " " + event.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void issue() throws IOException {
    LOG.addHandler(log);
    pki = new Pki(root);
    secret = pki.secret(pki.authority("set"), "pod", request("old", 10));
    now = Instant.now();
  }

  @AfterEach
  void stopListening() {
    LOG.removeHandler(log);
  }

  private static Request request(String name, int days) {
    return new Request("/CN=" + name, List.of("mysql"), days, false);
  }

  private PodTls load() throws Exception {
    return PodTls.load(new TlsSettings(secret, AllowedSubjects.ANY), () -> now);
  }

  @Test
  void takesRenewedFilesByItselfAndTellsListeners() throws Exception {
    PodTls tls = load();
    AtomicInteger told = new AtomicInteger();
    try (TlsWatch watch = TlsWatch.start(tls, Duration.ofMillis(20))) {
      watch.onRenewal(() -> {
        throw new IllegalStateException("a listener's own trouble");
      });
      watch.onRenewal(told::incrementAndGet);
      CertificateAuthority next = pki.authority("next");
      for (int renewal = 1; renewal <= 2; renewal++) {
        // Later than any second in which openssl may get to it.
        now = Instant.now().plusSeconds(60);
        int expected = renewal;
        next.issue(request("renewed-" + renewal, 20), secret);
        await().until(() -> told.get() == expected);
        assertThat(tls.subject()).isEqualTo("CN=renewed-" + renewal);
      }
    }
    assertThat(lines)
        .filteredOn(line -> line.startsWith("INFO"))
        .hasSize(2)
        .last()
        .asString()
        .isEqualTo(
            "INFO certificate renewed: CN=renewed-2, valid until %s".formatted(tls.expiresAt()));
  }

  @Test
  void saysOnceForEachCauseWhyNewFilesAreNotUsed() throws Exception {
    PodTls tls = load();
    AtomicInteger told = new AtomicInteger();
    Path renewed = pki.secret(pki.authority("next"), "renewed", request("renewed", 20));
    now = Instant.now();
    try (TlsWatch watch = TlsWatch.start(tls, NEVER)) {
      watch.onRenewal(told::incrementAndGet);
      watch.look();
      assertThat(lines).isEmpty();

      copy(renewed, "tls.crt");
      watch.look();
      watch.look();
      assertThat(lines)
          .containsExactly(
              "WARNING the new certificate is not used: %s/tls.key is not the key of the certificate in %s/tls.crt; the one in force remains: CN=old, valid until %s; what to do: put a certificate, its key and its authority into the Secret that is mounted at TLS_DIRECTORY; or set TLS=off, with which everything goes unencrypted and to whoever asks"
                  .formatted(secret, secret, tls.expiresAt()));
      copy(renewed, "tls.key");
      watch.look();
      watch.look();
      assertThat(lines).hasSize(2).last().asString().contains("cannot be verified with");
      assertThat(told).hasValue(0);

      copy(renewed, "ca.crt");
      watch.look();
      watch.look();
      assertThat(told).hasValue(1);
      assertThat(lines).hasSize(3).last().asString().startsWith("INFO certificate renewed: ");
    }
  }

  /// Or it would be the last renewal that is ever looked at.
  @Test
  void troubleThatNobodyForesawIsSaidAndSurvived() throws Exception {
    AtomicInteger troubles = new AtomicInteger();
    PodTls tls =
        PodTls.load(
            new TlsSettings(secret, AllowedSubjects.ANY),
            () -> {
              if (troubles.getAndDecrement() > 0) {
                throw new IllegalStateException("not foreseen");
              }
              return Instant.now();
            });
    CertificateAuthority next = pki.authority("next");
    try (TlsWatch watch = TlsWatch.start(tls, NEVER)) {
      next.issue(request("renewed-1", 20), secret);
      for (int look = 0; look < 2; look++) {
        troubles.set(1);
        watch.look();
      }
      assertThat(lines)
          .containsExactly(
              "WARNING the new certificate is not used: java.lang.IllegalStateException: not foreseen; the one in force remains: CN=old, valid until %s; what to do: put another certificate into %s, and report this as a bug in mysql-agents"
                  .formatted(tls.expiresAt(), secret));
      next.issue(request("renewed-2", 20), secret);
      watch.look();
      assertThat(tls.subject()).isEqualTo("CN=renewed-2");
    }
  }

  private void copy(Path from, String name) throws IOException {
    Files.copy(from.resolve(name), secret.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  /// Ten days of life: a fifth of it are two days. Of a hundred, a week would count.
  @Test
  void warnsOnceNearTheEndAndOnceAfterIt() throws Exception {
    PodTls tls = load();
    Instant end = tls.expiresAt();
    try (TlsWatch watch = TlsWatch.start(tls, NEVER)) {
      now = end.minus(Duration.ofDays(2)).minusSeconds(60);
      watch.look();
      assertThat(lines).isEmpty();
      now = end.minus(Duration.ofDays(2)).plusSeconds(60);
      watch.look();
      watch.look();
      assertThat(lines)
          .containsExactly(
              "WARNING the certificate ends soon: CN=old, valid until %s; renew it in %s"
                  .formatted(end, secret));
      now = end.plusSeconds(1);
      watch.look();
      watch.look();
      assertThat(lines)
          .hasSize(2)
          .last()
          .asString()
          .startsWith("WARNING the certificate has expired, and other pods refuse it: CN=old, ");
    }
  }

  @Test
  void aLongLivedCertificateIsWarnedOfAWeekBefore() throws Exception {
    // The authority's own certificate ends after 30 days, before this one.
    secret = pki.secret(pki.authority("long"), "long", request("long", 300));
    now = Instant.now();
    Identity identity = load().identity();
    assertThat(Duration.between(now, identity.expiresAt())).isLessThan(Duration.ofDays(31));
    assertThat(Duration.between(identity.warnAt(), identity.expiresAt()))
        .isBetween(Duration.ofDays(5), Duration.ofDays(7));
  }
}
