package mysqlagents.sidecar.server;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.AgentMain;
import mysqlagents.mysql.Dialect;
import mysqlagents.mysql.ServerVersion;
import mysqlagents.mysql.Sql;
import mysqlagents.tls.TlsSettings;
import org.jspecify.annotations.Nullable;

/// Sees to it that mysqld uses the certificate that is in the files. A server reads them at its
/// start, and then again only when it is told to.
///
/// The files are compared with what mysqld was told of last, and after that with what it says that
/// it uses: that it did not complain is not taken for success. Connections that stand,
/// replication's too, are not touched by any of this.
public final class MysqldCertificate implements Runnable, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(MysqldCertificate.class.getName());

  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  /// How many looks are skipped after one in vain that mysqld did not complain of: each leaves a
  /// line about a client that went away in its log.
  private static final int SKIPPED = 5;

  private final Server server;
  private final String host;
  private final int port;
  private final TlsSettings tls;
  private final Duration interval;
  private final Semaphore wake = new Semaphore(0);
  private @Nullable Thread thread;
  private volatile boolean closed;

  /// What mysqld was told of last; null after a start of this agent, when telling it again costs
  /// nothing.
  private @Nullable String told;

  private String said = "";
  private int skip;

  /// @param server the mysqld that listens on `host` and `port`
  public MysqldCertificate(Server server, String host, int port, TlsSettings tls) {
    this(server, host, port, tls, INTERVAL);
  }

  MysqldCertificate(Server server, String host, int port, TlsSettings tls, Duration interval) {
    this.server = server;
    this.host = host;
    this.port = port;
    this.tls = tls;
    this.interval = interval;
  }

  /// Begins to watch, on a thread of its own.
  public void start() {
    thread = Thread.ofPlatform().name("mysqld-certificate").daemon().start(this);
  }

  /// To be called when the files are known to have changed; without it that is noticed a little
  /// later.
  public void renewed() {
    wake.release();
  }

  @Override
  public void run() {
    try {
      while (!closed) {
        look();
        if (wake.tryAcquire(interval.toMillis(), TimeUnit.MILLISECONDS)) {
          wake.drainPermits();
          skip = 0;
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void look() {
    if (skip > 0) {
      skip--;
      return;
    }
    try {
      CertificateFiles files = CertificateFiles.read(tls);
      if (!files.fingerprint().equals(told)) {
        tell(files);
      }
    } catch (NoAnswerException _) {
      // While it is down, others say so; at its start it reads the files by itself.
    } catch (IOException | SQLException | AgentFailure | RuntimeException failure) {
      say(
          "mysqld cannot be given the certificate in %s: %s; it keeps the one it has, and this is tried again"
              .formatted(tls.directory(), AgentMain.withCauses(failure)));
    }
  }

  private void tell(CertificateFiles files) throws SQLException, AgentFailure, IOException {
    Dialect dialect = Dialect.of(ServerVersion.parse(server.askVersion()));
    Optional<Sql> reload = dialect.reloadCertificates();
    if (reload.isPresent()) {
      server.execute(reload.get());
    }
    Optional<X509Certificate> shown = PresentedCertificate.of(host, port);
    if (shown.equals(Optional.of(files.certificate()))) {
      told = files.fingerprint();
      said = "";
      LOG.log(
          INFO,
          () -> "mysqld uses the certificate that is valid until " + end(files.certificate()));
    } else {
      skip = SKIPPED;
      say(notTaken(files, shown, reload.isPresent()));
    }
  }

  private String notTaken(
      CertificateFiles files, Optional<X509Certificate> shown, boolean reloaded) {
    if (shown.isEmpty()) {
      return "mysqld has no certificate: let agent-init run with TLS=required in this pod, and see that mysqld's configuration includes what it writes";
    }
    return reloaded
        ? "mysqld goes on with a certificate that is valid until %s, not with that in %s (until %s): see that its ssl-cert leads to the same file (MYSQLD_TLS_DIRECTORY)"
            .formatted(end(shown.get()), tls.directory(), end(files.certificate()))
        : "mysqld must be restarted to use the renewed certificate (until %s): this version cannot take it up while it runs. The one it uses ends at %s"
            .formatted(end(files.certificate()), end(shown.get()));
  }

  private static Instant end(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant();
  }

  /// Once, until there is something else to say.
  private void say(String warning) {
    if (!warning.equals(said)) {
      said = warning;
      LOG.log(WARNING, warning::toString);
    }
  }

  @Override
  public void close() {
    closed = true;
    Thread running = thread;
    if (running == null) {
      return;
    }
    running.interrupt();
    try {
      running.join(CLOSE_LIMIT);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
