package mysqlagents.lab.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import mysqlagents.lab.Waiting;
import mysqlagents.testbed.MariaDbServer;

/// Fills a server with tables that do not compress and are written in order, as a grown database's
/// mostly are.
final class BenchData {
  /// So that several members lie in the stream; the size of each table in bytes.
  private static final long TABLE_SIZE = 512L << 20;

  /// Bytes that a row of ours takes in its table, measured; there is nothing more behind it.
  private static final long ROW_SIZE = 1_300;

  private BenchData() {}

  /// @return the size of the tables in bytes; the server's own files, its redo log before all, are
  ///   not counted
  static long fill(MariaDbServer server, long size) throws SQLException, IOException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      // Not replicated, so that the data is not written twice.
      statement.execute("SET sql_log_bin = 0");
      statement.execute("CREATE DATABASE bench");
      // The sequence that makes the rows needs a current database.
      statement.execute("USE bench");
      int tables = Math.toIntExact(Math.max(1, (size + TABLE_SIZE - 1) / TABLE_SIZE));
      long rows = Math.max(1, size / tables / ROW_SIZE);
      for (int table = 0; table < tables; table++) {
        // The driver waits for its answers whatever happens; without this Ctrl-C would wait for
        // all.
        Waiting.pause(Duration.ZERO);
        statement.execute(
            """
            CREATE TABLE bench.data%d (
              id BIGINT PRIMARY KEY AUTO_INCREMENT,
              number INT NOT NULL,
              text CHAR(128) NOT NULL,
              bytes VARBINARY(1000) NOT NULL) ENGINE = InnoDB CHARACTER SET latin1\
            """
                .formatted(table));
        statement.execute(
            """
            INSERT INTO bench.data%d (number, text, bytes)
            SELECT FLOOR(RAND() * 1000000), SHA2(RAND(), 512), RANDOM_BYTES(1000) FROM seq_1_to_%d\
            """
                .formatted(table, rows));
      }
    }
    // A clean start writes all pages; the redo log would otherwise be part of what is measured.
    server.restart();
    return DirectorySize.of(server.dataDirectory().resolve("bench"));
  }
}
