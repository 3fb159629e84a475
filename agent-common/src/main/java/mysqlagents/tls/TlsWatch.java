package mysqlagents.tls;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.Worker;
import org.jspecify.annotations.Nullable;

/// Looks at the certificate's files from time to time, takes renewed ones, and says what happened:
/// each trouble once, until it is another one.
public final class TlsWatch implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(TlsWatch.class.getName());

  /// How often the files are looked at. A renewal comes days before it is needed.
  public static final Duration INTERVAL = Duration.ofSeconds(10);

  private final PodTls tls;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private @Nullable Worker worker;
  private @Nullable String refused;
  private @Nullable String warned;

  private TlsWatch(PodTls tls) {
    this.tls = tls;
  }

  /// Looks for the first time before it returns, so that a certificate near its end is told of.
  public static TlsWatch start(PodTls tls, Duration interval) {
    TlsWatch watch = new TlsWatch(tls);
    watch.look();
    watch.worker = Worker.start("tls-watch", () -> watch.run(interval));
    return watch;
  }

  /// @param listener is run after each renewal, on the watch's thread
  public void onRenewal(Runnable listener) {
    listeners.add(listener);
  }

  private void run(Duration interval) throws InterruptedException {
    while (true) {
      Thread.sleep(interval);
      look();
    }
  }

  /// Looks now. A failure leaves what was in force, and is tried again at the next look.
  public synchronized void look() {
    try {
      if (tls.reload()) {
        LOG.log(INFO, () -> "certificate renewed: " + tls.identity());
        listeners.forEach(TlsWatch::tell);
      }
      refused = null;
    } catch (AgentFailure failure) {
      refuse(String.valueOf(failure.getMessage()), failure.remedy());
    } catch (RuntimeException bug) {
      // The watch goes on: the next files may be good ones.
      LOG.log(DEBUG, () -> "a look at the certificate's files failed", bug);
      refuse(
          bug.toString(),
          "put another certificate into %s, and report this as a bug in mysql-agents"
              .formatted(tls.settings().directory()));
    }
    warnOfTheEnd();
  }

  private static void tell(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException bug) {
      LOG.log(ERROR, () -> "what follows a renewed certificate failed", bug);
    }
  }

  private void refuse(String problem, String remedy) {
    if (!problem.equals(refused)) {
      LOG.log(
          WARNING,
          () ->
              "the new certificate is not used: %s; the one in force remains: %s; what to do: %s"
                  .formatted(problem, tls.identity(), remedy));
      refused = problem;
    }
  }

  private void warnOfTheEnd() {
    Identity identity = tls.identity();
    Instant now = tls.now();
    boolean over = now.isAfter(identity.expiresAt());
    if (!over && now.isBefore(identity.warnAt())) {
      return;
    }
    String warning =
        over
            ? "the certificate has expired, and other pods refuse it: %s; renew it in %s"
                .formatted(identity, tls.settings().directory())
            : "the certificate ends soon: %s; renew it in %s"
                .formatted(identity, tls.settings().directory());
    if (!warning.equals(warned)) {
      LOG.log(WARNING, () -> warning);
      warned = warning;
    }
  }

  @Override
  public void close() {
    if (worker != null) {
      worker.close();
    }
  }
}
