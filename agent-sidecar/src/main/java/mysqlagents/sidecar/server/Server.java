package mysqlagents.sidecar.server;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mysqlagents.mysql.ServerVersion;
import mysqlagents.mysql.Sql;
import org.jspecify.annotations.Nullable;

/// This pod's mysqld. Every call ends within a bounded time, also when mysqld hangs.
public final class Server implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Server.class.getName());

  /// Supervisor, donor and metrics, one each.
  private static final int CONNECTIONS = 3;

  /// How long a call waits for a connection of the pool.
  private static final int BORROW_MILLIS = 3_000;

  private static final int VALIDATION_MILLIS = 1_500;

  /// How often a wait for mysqld is mentioned in the log.
  private static final Duration REMINDER = Duration.ofSeconds(30);

  private static final Duration RETRY = Duration.ofMillis(500);

  private final LogIn logIn;
  private final HikariDataSource pool;

  /// Connects when first asked, not here.
  public Server(String host, int port, Account account) {
    this(new Endpoint(host, port), account);
  }

  private Server(Endpoint endpoint, Account account) {
    this.logIn = new LogIn(endpoint, account);
    this.pool = new HikariDataSource(settings(logIn));
  }

  private static HikariConfig settings(LogIn logIn) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("mysqld");
    config.setDataSource(logIn);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(BORROW_MILLIS);
    config.setValidationTimeout(VALIDATION_MILLIS);
    config.setInitializationFailTimeout(-1);
    return config;
  }

  /// Whether mysqld did not let this account in when it was last tried.
  public boolean isRefused() {
    return logIn.isRefused();
  }

  /// The server's flavour and version; empty while it does not answer.
  public Optional<ServerVersion> version() {
    return versionText().map(ServerVersion::parse);
  }

  /// As `SELECT VERSION()` gives it; empty while the server does not answer.
  public Optional<String> versionText() {
    try {
      return Optional.of(askVersion());
    } catch (SQLException _) {
      return Optional.empty();
    }
  }

  /// The version, or why there is no answer.
  public String askVersion() throws SQLException {
    return value(new Sql("SELECT VERSION()", List.of()));
  }

  /// Waits until the server answers, for as long as that takes, and says so in the log.
  ///
  /// @return its version, as [#versionText()] gives it
  public String awaitAnswer() throws InterruptedException {
    long began = System.nanoTime();
    Duration mentioned = REMINDER.negated();
    while (true) {
      Duration waited = Duration.ofNanos(System.nanoTime() - began);
      try {
        String version = askVersion();
        if (!mentioned.isNegative()) {
          LOG.log(INFO, () -> "%s answers after %d s".formatted(this, waited.toSeconds()));
        }
        return version;
      } catch (SQLException failure) {
        if (waited.minus(mentioned).compareTo(REMINDER) >= 0) {
          LOG.log(mentioned.isNegative() ? INFO : WARNING, () -> waiting(waited, failure));
          mentioned = waited;
        }
      }
      // The pool answers an interrupt with an ordinary failure and leaves the flag set.
      Thread.sleep(RETRY);
    }
  }

  private static String waiting(Duration waited, SQLException failure) {
    return "waiting for %s since %d s: %s"
        .formatted(
            failure instanceof NoAnswerException no && no.isRefused() ? "accounts" : "mysqld",
            waited.toSeconds(),
            failure.getMessage());
  }

  /// Runs a statement that gives no rows.
  public void execute(Sql sql) throws SQLException {
    execute(sql, Endpoint.ANSWER_LIMIT);
  }

  /// Runs a statement that gives no rows and may take up to `limit`.
  public void execute(Sql sql, Duration limit) throws SQLException {
    try (Session session = session()) {
      session.execute(sql, limit);
    }
  }

  /// All rows of a query, each by column name and in the server's order of columns.
  public List<Map<String, @Nullable String>> rows(Sql sql) throws SQLException {
    try (Session session = session()) {
      return session.rows(sql);
    }
  }

  /// The only value of a query; the empty string for NULL.
  public String value(Sql sql) throws SQLException {
    try (Session session = session()) {
      return session.value(sql);
    }
  }

  private Session session() throws SQLException {
    // Here as well: the pool would keep what is wrong with the file to itself for seconds.
    logIn.passwords();
    return Session.open(logIn, pool);
  }

  @Override
  public void close() {
    pool.close();
  }

  @Override
  public String toString() {
    return logIn.server().toString();
  }
}
