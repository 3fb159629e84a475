package mysqlagents.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mysqlagents.lab.Accounts.Account;

/// Talks SQL to the set as an application's user and shows it as the `mysql` client would.
final class SqlClient {
  private static final Duration REPLICATION_LIMIT = Duration.ofSeconds(60);

  private final MiniatureStatefulSet set;
  private final Narrator narrator;

  SqlClient(MiniatureStatefulSet set, Narrator narrator) {
    this.set = set;
    this.narrator = narrator;
  }

  /// A query's result as text.
  record Result(List<String> columns, List<List<String>> rows) {}

  /// Runs statements on one pod, showing each.
  void run(int ordinal, String... statements) throws SQLException {
    narrator.command("%s -h mysql-%d.mysql".formatted(program(), ordinal));
    try (Connection connection = connect(ordinal);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        narrator.statement(sql);
        statement.execute(sql);
        narrator.say("Query OK");
      }
    }
  }

  /// Shows a statement that the server has to refuse.
  void expectRefusal(int ordinal, String sql) throws IOException, SQLException {
    narrator.statement(sql);
    try (Connection connection = connect(ordinal);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException refusal) {
      narrator.say("ERROR %d: %s".formatted(refusal.getErrorCode(), refusal.getMessage()));
      return;
    }
    throw new IOException("mysql-%d took a write: it is not read-only".formatted(ordinal));
  }

  /// Waits until `query` gives `count` rows on the pod, which replication brings sooner or later,
  /// and shows them.
  void showOnceReplicated(int ordinal, String query, int count) throws IOException, SQLException {
    narrator.command("%s -h mysql-%d.mysql".formatted(program(), ordinal));
    narrator.statement(query);
    boolean there =
        Waiting.until(REPLICATION_LIMIT, () -> query(ordinal, query).rows().size() == count);
    Result result = query(ordinal, query);
    narrator.table(result.columns(), result.rows());
    if (!there) {
      throw new IOException(
          "mysql-%d has %d rows instead of %d".formatted(ordinal, result.rows().size(), count));
    }
  }

  /// The name of the program that a user would type.
  String program() {
    return String.valueOf(Path.of(set.programs().client()).getFileName());
  }

  Result query(int ordinal, String query) throws SQLException {
    return query(set.net().pod(ordinal), query);
  }

  Result query(String address, String query) throws SQLException {
    try (Connection connection = set.connect(address, Account.APP);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return read(rows);
    }
  }

  private Connection connect(int ordinal) throws SQLException {
    return set.connect(set.net().pod(ordinal), Account.APP);
  }

  private static Result read(ResultSet rows) throws SQLException {
    ResultSetMetaData form = rows.getMetaData();
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= form.getColumnCount(); i++) {
      columns.add(form.getColumnLabel(i));
    }
    List<List<String>> all = new ArrayList<>();
    while (rows.next()) {
      List<String> row = new ArrayList<>();
      for (int i = 1; i <= columns.size(); i++) {
        row.add(String.valueOf(rows.getString(i)));
      }
      all.add(row);
    }
    return new Result(columns, all);
  }
}
