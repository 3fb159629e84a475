package mysqlagents.sidecar.server;

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
import mysqlagents.mysql.Secret;
import mysqlagents.mysql.Sql;
import org.jspecify.annotations.Nullable;

/// One connection to a server. Every call ends within a bounded time, also when mysqld hangs.
public final class Session implements AutoCloseable {
  private final Endpoint server;
  private final String user;
  private final Connection connection;

  private Session(LogIn logIn, Connection connection) {
    this.server = logIn.server();
    this.user = logIn.account().user();
    this.connection = connection;
  }

  /// A new connection.
  ///
  /// @throws NoAnswerException if there is none to be had
  public static Session open(LogIn logIn) throws SQLException {
    return open(logIn, logIn);
  }

  /// @param source gives connections of `logIn`
  static Session open(LogIn logIn, javax.sql.DataSource source) throws SQLException {
    try {
      return new Session(logIn, source.getConnection());
    } catch (SQLException failure) {
      throw Failures.noAnswer(logIn.server(), logIn.account().user(), failure);
    }
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
        Endpoint.ANSWER_LIMIT,
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
          "%s gave %d rows for '%s'; expected one value".formatted(server, rows.size(), sql));
    }
    String value = rows.getFirst().values().iterator().next();
    return value == null ? "" : value;
  }

  private interface Work<T> {
    T with(PreparedStatement statement) throws SQLException;
  }

  private <T> T ask(Sql sql, Duration limit, Work<T> work) throws SQLException {
    try {
      // A pool puts its own limit back when the connection is returned.
      connection.setNetworkTimeout(Runnable::run, (int) limit.toMillis());
      try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
        bind(statement, sql.values());
        return work.with(statement);
      }
    } catch (SQLException failure) {
      throw Failures.of(server, user, failure, sql);
    }
  }

  private static void bind(PreparedStatement statement, List<Object> values) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      statement.setObject(i + 1, value instanceof Secret secret ? secret.value() : value);
    }
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

  /// Gives the connection up without a word to the server, which may be hanging; from any thread.
  public void abort() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException _) {
      // Then it is closed already.
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
