package mysqlagents.testbed;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What all user tables of a server hold, in a form that can be compared between servers.
///
/// @param tables each table's state by its quoted name
public record Checksums(SortedMap<String, Table> tables) {
  /// @param rows the server's `CHECKSUM TABLE … EXTENDED`: a value over all rows, in whatever order
  /// @param definition `SHOW CREATE TABLE`, without the next AUTO_INCREMENT value, which replicas
  ///   need not agree on
  public record Table(long rows, String definition) {}

  public Checksums {
    tables = Collections.unmodifiableSortedMap(tables);
  }

  public static Checksums of(DatabaseServer server) throws SQLException {
    try (Connection connection = server.connect()) {
      return of(connection);
    }
  }

  /// Reads every row of every table; meant for servers that are not written to meanwhile.
  public static Checksums of(Connection connection) throws SQLException {
    SortedMap<String, Table> tables = new TreeMap<>();
    try (Statement statement = connection.createStatement()) {
      for (String name : names(statement)) {
        tables.put(name, new Table(rows(statement, name), definition(statement, name)));
      }
    }
    return new Checksums(tables);
  }

  private static List<String> names(Statement statement) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery(
            """
            SELECT table_schema, table_name FROM information_schema.tables
            WHERE table_type = 'BASE TABLE'
              AND table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')
            """)) {
      while (rows.next()) {
        names.add("%s.%s".formatted(quoted(rows.getString(1)), quoted(rows.getString(2))));
      }
    }
    return names;
  }

  private static long rows(Statement statement, String name) throws SQLException {
    try (ResultSet answer = statement.executeQuery("CHECKSUM TABLE %s EXTENDED".formatted(name))) {
      answer.next();
      long checksum = answer.getLong(2);
      if (answer.wasNull()) {
        throw new SQLException("%s cannot be read".formatted(name));
      }
      return checksum;
    }
  }

  private static String definition(Statement statement, String name) throws SQLException {
    try (ResultSet answer = statement.executeQuery("SHOW CREATE TABLE " + name)) {
      answer.next();
      return answer.getString(2).replaceFirst(" AUTO_INCREMENT=\\d+", "");
    }
  }

  private static String quoted(String name) {
    return "`%s`".formatted(name.replace("`", "``"));
  }
}
