package mysqlagents.sidecar.accounts;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.AgentMain;
import mysqlagents.main.Worker;
import mysqlagents.mysql.Secret;
import mysqlagents.settings.PodName;
import mysqlagents.sidecar.server.Account;
import mysqlagents.sidecar.server.Endpoint;
import mysqlagents.sidecar.server.LogIn;
import mysqlagents.sidecar.server.NoAnswerException;
import mysqlagents.sidecar.server.Session;
import org.jspecify.annotations.Nullable;

/// Keeps the accounts true, on the primary: looks at them once mysqld answers, whenever a password
/// file has changed or the agent is not let in, and every minute. Root is connected for as long as
/// one look takes.
public final class AccountKeeper implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AccountKeeper.class.getName());

  /// Until accounts are looked at without a reason, and between tries in the end: whoever has
  /// mended what was in the way is waiting for it.
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  /// Between two looks for the same reason, and until the second try after one that failed.
  private static final Duration SHORT = Duration.ofSeconds(10);

  /// MySQL's and MariaDB's "the server is running with the … option".
  private static final int READ_ONLY = 1290;

  /// A lock that was waited for in vain.
  private static final int LOCK_WAIT_TIMEOUT = 1205;

  private final AccountSettings settings;
  private final AccountCheck check;
  private final LogIn root;
  private final Endpoint server;
  private final BooleanSupplier isAgentRefused;
  private final Duration pollInterval;
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Worker worker;

  /// The passwords at the last look; empty before the first.
  private List<List<Secret>> seen = List.of();

  private Duration next = Duration.ZERO;
  private Duration pause = SHORT;
  private Duration lastTry = SHORT.negated();
  private String lastWarning = "";

  /// @param isAgentRefused whether the server does not let the agent's own account in
  /// @param replicasNeedCertificate whether the account of replication takes a certificate
  /// @throws AgentFailure if root's password file is not what it has to be
  public AccountKeeper(
      AccountSettings settings,
      Endpoint server,
      boolean replicasNeedCertificate,
      BooleanSupplier isAgentRefused,
      Duration pollInterval)
      throws AgentFailure {
    this.settings = settings;
    this.server = server;
    this.check = new AccountCheck(settings.all(), replicasNeedCertificate);
    this.root = new LogIn(server, PasswordFiles.root(settings));
    this.isAgentRefused = isAgentRefused;
    this.pollInterval = pollInterval;
  }

  /// Whether the sidecar of `pod` is the one that keeps the accounts.
  public static boolean isFor(PodName pod, AccountSettings settings) {
    return pod.isPrimary() && settings.areManaged();
  }

  /// Begins, on a thread of its own.
  public void start() {
    PasswordFiles.warnOfEmptyRootPassword(settings);
    worker = Worker.start("accounts", this::run);
  }

  private void run() throws InterruptedException {
    do {
      if (isDue()) {
        look();
      }
    } while (!closed.await(pollInterval.toMillis(), TimeUnit.MILLISECONDS));
  }

  private boolean isDue() {
    Duration now = now();
    boolean agentIsLockedOut =
        isAgentRefused.getAsBoolean() && now.minus(lastTry).compareTo(SHORT) >= 0;
    return now.compareTo(next) >= 0 || agentIsLockedOut || !passwords().equals(seen);
  }

  /// As far as they can be read; what is wrong with a file is said by the look itself.
  private List<List<Secret>> passwords() {
    List<Account> accounts = new ArrayList<>(List.of(root.account()));
    settings.all().forEach(managed -> accounts.add(managed.account()));
    List<List<Secret>> all = new ArrayList<>();
    for (Account account : accounts) {
      try {
        all.add(account.passwords());
      } catch (IOException _) {
        all.add(List.of());
      }
    }
    return all;
  }

  private void look() {
    seen = passwords();
    lastTry = now();
    try (Session session = Session.open(root)) {
      check.run(session);
      succeeded();
    } catch (NoAnswerException failure) {
      if (failure.isRefused()) {
        failed(failure.getMessage(), refusedRemedy());
      } else {
        // That mysqld is away is said by those who wait for it.
        next = now();
      }
    } catch (SQLException failure) {
      failed(failure.getMessage(), remedy(failure));
    } catch (AgentFailure failure) {
      failed(AgentMain.withCauses(failure), failure.remedy());
    } catch (IOException failure) {
      failed(AgentMain.withCauses(failure), "mount the Secret, or put that file right");
    } catch (RuntimeException bug) {
      LOG.log(WARNING, () -> "a look at the accounts failed in a way that was not foreseen", bug);
      failed(bug.toString(), "report this as a bug in mysql-agents");
    }
  }

  private void succeeded() {
    next = now().plus(INTERVAL);
    pause = SHORT;
    if (!lastWarning.isEmpty()) {
      LOG.log(INFO, () -> "the accounts are what they have to be again");
      lastWarning = "";
    }
  }

  /// The same trouble is said again with every try, and the tries become rare.
  private void failed(@Nullable String problem, String remedy) {
    next = now().plus(pause);
    String warning =
        "the accounts cannot be managed: %s; what to do: %s".formatted(problem, remedy);
    pause = warning.equals(lastWarning) ? shorter(pause.multipliedBy(2), INTERVAL) : pause;
    lastWarning = warning;
    LOG.log(WARNING, warning::toString);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private String refusedRemedy() {
    return "see that root may log in to %s over TCP, and that %s"
        .formatted(
            server,
            root.account()
                .passwordFile()
                .map(file -> file + " (ROOT_PASSWORD_FILE) has its password")
                .orElse(
                    "it has no password, as ALLOW_EMPTY_ROOT_PASSWORD=true says; or put its password"
                        + " into "
                        + settings.rootPasswordFile()));
  }

  private static String remedy(SQLException failure) {
    return switch (failure.getErrorCode()) {
      case READ_ONLY ->
          "make the primary writable: SET GLOBAL read_only = OFF (on MySQL super_read_only, too), and"
              + " see that no option file says otherwise";
      case LOCK_WAIT_TIMEOUT ->
          "nothing, if a backup is running: it holds its lock, and this is tried again; else see in"
              + " SHOW PROCESSLIST who holds one";
      default ->
          "see what mysqld says; root needs all rights; or make the accounts yourself, as"
              + " docs/accounts.md says, and set MANAGE_ACCOUNTS=false";
    };
  }

  private static Duration now() {
    return Duration.ofNanos(System.nanoTime());
  }

  @Override
  public void close() {
    closed.countDown();
    if (worker != null) {
      worker.close();
    }
  }
}
