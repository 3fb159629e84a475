package mysqlagents.docker;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mysqlagents.mysql.Secret;
import mysqlagents.mysql.ServerVersion;
import mysqlagents.mysql.Sql;
import org.jspecify.annotations.Nullable;

/// A server as root sees it. Each call is a session of its own.
final class Database {
  private final Connecting connecting;

  /// Opens a session as root.
  @FunctionalInterface
  interface Connecting {
    Connection open() throws SQLException;
  }

  Database(Connecting connecting) {
    this.connecting = connecting;
  }

  ServerVersion version() throws SQLException {
    return ServerVersion.parse(value("SELECT VERSION()"));
  }

  void execute(String... statements) throws SQLException {
    execute(List.of(statements).stream().map(text -> new Sql(text, List.of())).toList());
  }

  void execute(List<Sql> statements) throws SQLException {
    try (Connection session = connecting.open()) {
      for (Sql sql : statements) {
        try (PreparedStatement statement = prepare(session, sql)) {
          statement.execute();
        }
      }
    }
  }

  String value(String query) throws SQLException {
    return value(new Sql(query, List.of()));
  }

  /// The only value of a query; the empty string for NULL.
  String value(Sql query) throws SQLException {
    String value = rows(query).getFirst().values().iterator().next();
    return value == null ? "" : value;
  }

  List<Map<String, @Nullable String>> rows(String query) throws SQLException {
    return rows(new Sql(query, List.of()));
  }

  /// By column name.
  List<Map<String, @Nullable String>> rows(Sql query) throws SQLException {
    try (Connection session = connecting.open();
        PreparedStatement statement = prepare(session, query);
        ResultSet result = statement.executeQuery()) {
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
  }

  private static PreparedStatement prepare(Connection session, Sql sql) throws SQLException {
    PreparedStatement statement = session.prepareStatement(sql.text());
    for (int i = 0; i < sql.values().size(); i++) {
      Object value = sql.values().get(i);
      statement.setObject(i + 1, value instanceof Secret secret ? secret.value() : value);
    }
    return statement;
  }
}
