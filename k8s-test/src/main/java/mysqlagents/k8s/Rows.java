package mysqlagents.k8s;

import java.io.IOException;

/// Rows that are written and never deleted: their number and the checksum of their tables say
/// whether a server has all of them.
final class Rows {
  private static final String PRIMARY = "mysql-0.mysql";
  private static final String ALL =
      "SELECT COUNT(*), SUM(CRC32(note)), (SELECT COUNT(*) FROM test.large),"
          + " (SELECT SUM(CRC32(bytes)) FROM test.large) FROM test.notes";

  private final Client client;
  private int written;

  Rows(Client client) {
    this(client, 0);
  }

  private Rows(Client client, int written) {
    this.client = client;
    this.written = written;
  }

  /// The same rows, seen by another client.
  Rows by(Client other) {
    return new Rows(other, written);
  }

  Client client() {
    return client;
  }

  void create() throws IOException {
    client.sql(
        PRIMARY,
        "CREATE TABLE test.notes (id INT AUTO_INCREMENT PRIMARY KEY, note VARCHAR(250));"
            + " CREATE TABLE test.large (id INT AUTO_INCREMENT PRIMARY KEY, bytes LONGBLOB)");
  }

  void write(String note) throws IOException {
    client.sql(PRIMARY, "INSERT INTO test.notes (note) VALUES ('" + note + "')");
    written++;
  }

  int written() {
    return written;
  }

  /// The set was given the data of an earlier time, when it had `written` rows.
  void wentBackTo(int written) {
    this.written = written;
  }

  /// Writes a row and waits until the first `pods` pods hold just what the primary holds.
  void writeAndCheck(String note, int pods) throws IOException {
    write(note);
    check(pods);
  }

  /// Waits until the first `pods` pods hold just what the primary holds, which is all that was
  /// written.
  void check(int pods) throws IOException {
    String count = client.sql(PRIMARY, "SELECT COUNT(*) FROM test.notes");
    StepFailure.unless(
        count.equals(Integer.toString(written)),
        "%d rows were written and %s are there".formatted(written, count));
    compare(pods);
  }

  /// Gives a clone something to do: `rows` of 8 MiB each.
  void writeLarge(int rows, int pods) throws IOException {
    client.sql(
        PRIMARY,
        "INSERT INTO test.large (bytes) VALUES (REPEAT(RANDOM_BYTES(1024), 8192));".repeat(rows));
    compare(pods);
  }

  private void compare(int pods) throws IOException {
    String all = client.sql(PRIMARY, ALL);
    for (int ordinal = 1; ordinal < pods; ordinal++) {
      client.awaitAnswer(MysqlSet.pod(ordinal) + ".mysql", ALL, all);
    }
  }
}
