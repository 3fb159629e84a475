package mysqlagents.sidecar.server;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mysqlagents.mysql.Secret;
import mysqlagents.mysql.ServerVersion;
import mysqlagents.mysql.Sql;
import org.jspecify.annotations.Nullable;

/// This pod's mysqld. Every call ends within a bounded time, also when mysqld hangs.
public final class Server implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Server.class.getName());

  /// Supervisor, donor and metrics, one each.
  private static final int CONNECTIONS = 3;

  /// mysqld is in the same pod: a connection takes milliseconds, or it is not there.
  private static final int CONNECT_MILLIS = 2_000;

  /// How long a call waits for a connection of the pool.
  private static final int BORROW_MILLIS = 3_000;

  private static final int VALIDATION_MILLIS = 1_500;

  /// How long any packet may take to arrive unless a call says otherwise: how a frozen mysqld is
  /// noticed.
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

  /// How often a wait for mysqld is mentioned in the log.
  private static final Duration REMINDER = Duration.ofSeconds(30);

  private static final Duration RETRY = Duration.ofMillis(500);

  private final String name;
  private final Account account;
  private final HikariDataSource pool;

  /// Connects when first asked, not here.
  ///
  /// @param host a name or address; if it is the loopback's, the server's key for an encrypted
  ///   password is taken without proof
  public Server(String host, int port, Account account) {
    this.name = "mysqld at %s:%d".formatted(host, port);
    this.account = account;
    this.pool = new HikariDataSource(settings(host, port, account));
  }

  private static HikariConfig settings(String host, int port, Account account) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("mysqld");
    config.setJdbcUrl(
        "jdbc:mysql://%s:%d/".formatted(host.indexOf(':') >= 0 ? "[" + host + "]" : host, port));
    config.setCredentialsProvider(() -> credentials(account));
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(BORROW_MILLIS);
    config.setValidationTimeout(VALIDATION_MILLIS);
    config.setInitializationFailTimeout(-1);
    config.addDataSourceProperty("connectTimeout", CONNECT_MILLIS);
    config.addDataSourceProperty("socketTimeout", ANSWER_LIMIT.toMillis());
    // Even where it verifies nothing, the driver refuses a certificate that has expired. That must
    // not keep the agent from a server in the same pod, least of all from telling it of a new one.
    config.addDataSourceProperty("sslMode", isLoopback(host) ? "DISABLED" : "PREFERRED");
    config.addDataSourceProperty("allowPublicKeyRetrieval", isLoopback(host));
    // Client-side: the statements of replication cannot be prepared in the server.
    config.addDataSourceProperty("useServerPrepStmts", false);
    config.addDataSourceProperty("logger", "Slf4JLogger");
    return config;
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
  }

  /// Asked for each new connection, and once at the pool's making, when a missing file is no reason
  /// to fail yet; [#connect()] says what is wrong with it.
  private static Credentials credentials(Account account) {
    try {
      return Credentials.of(account.user(), account.password().value());
    } catch (IOException unreadable) {
      return Credentials.of(account.user(), "");
    }
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
          LOG.log(INFO, () -> "%s answers after %d s".formatted(name, waited.toSeconds()));
        }
        return version;
      } catch (SQLException failure) {
        if (waited.minus(mentioned).compareTo(REMINDER) >= 0) {
          LOG.log(
              mentioned.isNegative() ? INFO : WARNING,
              () ->
                  "waiting for mysqld since %d s: %s"
                      .formatted(waited.toSeconds(), failure.getMessage()));
          mentioned = waited;
        }
      }
      // The pool answers an interrupt with an ordinary failure and leaves the flag set.
      Thread.sleep(RETRY);
    }
  }

  /// Runs a statement that gives no rows.
  public void execute(Sql sql) throws SQLException {
    execute(sql, ANSWER_LIMIT);
  }

  /// Runs a statement that gives no rows and may take up to `limit`.
  public void execute(Sql sql, Duration limit) throws SQLException {
    ask(
        sql,
        limit,
        statement -> {
          statement.execute();
          return List.<Map<String, @Nullable String>>of();
        });
  }

  /// All rows of a query, each by column name and in the server's order of columns.
  public List<Map<String, @Nullable String>> rows(Sql sql) throws SQLException {
    return ask(
        sql,
        ANSWER_LIMIT,
        statement -> {
          try (ResultSet result = statement.executeQuery()) {
            return rows(result);
          }
        });
  }

  /// The only value of a query; the empty string for NULL.
  public String value(Sql sql) throws SQLException {
    List<Map<String, @Nullable String>> rows = rows(sql);
    if (rows.size() != 1 || rows.getFirst().size() != 1) {
      throw new SQLException(
          "%s gave %d rows for '%s'; expected one value".formatted(name, rows.size(), sql));
    }
    String value = rows.getFirst().values().iterator().next();
    return value == null ? "" : value;
  }

  private static List<Map<String, @Nullable String>> rows(ResultSet result) throws SQLException {
    ResultSetMetaData columns = result.getMetaData();
    List<Map<String, @Nullable String>> rows = new ArrayList<>();
    while (result.next()) {
      Map<String, @Nullable String> row = new LinkedHashMap<>();
      for (int column = 1; column <= columns.getColumnCount(); column++) {
        row.put(columns.getColumnLabel(column), result.getString(column));
      }
      rows.add(row);
    }
    return rows;
  }

  private interface Work<T> {
    T with(PreparedStatement statement) throws SQLException;
  }

  private <T> T ask(Sql sql, Duration limit, Work<T> work) throws SQLException {
    try (Connection connection = connect()) {
      // The pool puts its own limit back when the connection is returned.
      connection.setNetworkTimeout(Runnable::run, (int) limit.toMillis());
      try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
        bind(statement, sql.values());
        return work.with(statement);
      }
    } catch (SQLException failure) {
      throw translated(failure, sql);
    }
  }

  private Connection connect() throws SQLException {
    try {
      // Read here as well: the pool would swallow what is wrong with the file.
      account.password();
    } catch (IOException unreadable) {
      throw new NoAnswerException(
          "the password of '%s' cannot be read from %s"
              .formatted(account.user(), account.passwordFile().orElseThrow()),
          unreadable);
    }
    return pool.getConnection();
  }

  private static void bind(PreparedStatement statement, List<Object> values) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      statement.setObject(i + 1, value instanceof Secret secret ? secret.value() : value);
    }
  }

  private SQLException translated(SQLException failure, Sql sql) {
    if (failure instanceof NoAnswerException) {
      return failure;
    }
    SQLException root = deepest(failure);
    if (isConnectionTrouble(failure)) {
      return new NoAnswerException("%s does not answer: %s".formatted(name, words(root)), failure);
    }
    String message = words(root);
    for (Object value : sql.values()) {
      message = value instanceof Secret secret ? secret.redactedFrom(message) : message;
    }
    // Without the driver's exception as its cause: that may quote the statement and its secrets.
    return new SQLException(
        "%s refused '%s': %s (error %d)".formatted(name, sql, message, root.getErrorCode()),
        root.getSQLState(),
        root.getErrorCode());
  }

  /// The pool wraps what the driver says, and the driver what the network says.
  private static SQLException deepest(SQLException failure) {
    SQLException deepest = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        deepest = sql;
      }
    }
    return deepest;
  }

  private static boolean isConnectionTrouble(SQLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      // Class 08 is a broken connection, 28 a refused account.
      if (cause instanceof SQLException sql
          && (sql instanceof java.sql.SQLTransientConnectionException
              || String.valueOf(sql.getSQLState()).startsWith("08")
              || String.valueOf(sql.getSQLState()).startsWith("28"))) {
        return true;
      }
    }
    return false;
  }

  /// The driver's account of a failed connection goes over several lines; the network's own words
  /// are at the bottom of its causes.
  private static String words(SQLException failure) {
    Throwable bottom = failure;
    while (bottom.getCause() != null) {
      bottom = bottom.getCause();
    }
    String message = String.valueOf(bottom.getMessage());
    return message.lines().findFirst().orElse(bottom.getClass().getSimpleName());
  }

  @Override
  public void close() {
    pool.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
