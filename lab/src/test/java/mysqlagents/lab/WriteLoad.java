package mysqlagents.lab;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Writes to the primary until it is stopped: rows of all tables and, if asked to, DDL.
///
/// `shop.log` has no key: a transaction that is applied twice, or not at all, changes its checksum.
final class WriteLoad {
  private static final int PAUSE_MILLIS = 5;

  private final TestSet set;
  private final boolean ddl;
  private final Thread thread;
  private final AtomicInteger rounds = new AtomicInteger();
  private final AtomicReference<@Nullable SQLException> failure = new AtomicReference<>();
  private volatile boolean stopped;

  /// @param ddl whether to create, alter, rename, truncate and drop tables, too
  static WriteLoad start(TestSet set, boolean ddl) throws SQLException {
    set.execute(0, "CREATE TABLE shop.log (n INT, text VARCHAR(40))");
    return new WriteLoad(set, ddl);
  }

  private WriteLoad(TestSet set, boolean ddl) {
    this.set = set;
    this.ddl = ddl;
    thread = Thread.ofPlatform().daemon().start(this::write);
  }

  /// Ends it.
  ///
  /// @return how many rounds of writes there were
  /// @throws SQLException if the primary refused a write
  int stop() throws SQLException, InterruptedException {
    stopped = true;
    thread.join();
    SQLException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
    return rounds.get();
  }

  private void write() {
    try (Connection connection = set.set().connect(0);
        Statement statement = connection.createStatement()) {
      while (!stopped) {
        int n = rounds.incrementAndGet();
        rows(statement, n);
        if (ddl && n % 5 == 0) {
          tables(statement, n);
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (SQLException refused) {
      failure.set(refused);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void rows(Statement statement, int n) throws SQLException {
    statement.execute("INSERT INTO shop.log VALUES (%d, MD5(%d))".formatted(n, n));
    statement.execute(
        "UPDATE shop.goods SET stuff = REPEAT(MD5(RAND()), 32) WHERE id = %d".formatted(n));
    if (n % 3 == 0) {
      statement.execute("DELETE FROM shop.log WHERE n = %d".formatted(n / 3));
    }
    if (n % 20 == 0) {
      statement.execute("INSERT INTO shop.old VALUES ('round %d')".formatted(n));
      statement.execute("INSERT INTO shop.notes VALUES ('round %d')".formatted(n));
    }
  }

  private void tables(Statement statement, int n) throws SQLException {
    String engine = n % 2 == 0 ? "InnoDB" : set.tables().notes();
    statement.execute(
        "CREATE TABLE shop.t%d (a INT, b VARCHAR(20)) ENGINE=%s".formatted(n, engine));
    statement.execute("INSERT INTO shop.t%d VALUES (%d, 'new')".formatted(n, n));
    statement.execute(
        "ALTER TABLE shop.t%d ADD COLUMN c INT DEFAULT 7, ADD INDEX (a)".formatted(n));
    statement.execute("RENAME TABLE shop.t%d TO shop.u%d".formatted(n, n));
    if (n % 10 == 0) {
      statement.execute("TRUNCATE TABLE shop.u%d".formatted(n));
    }
    if (n > 20) {
      statement.execute("DROP TABLE shop.u%d".formatted(n - 20));
    }
  }
}
