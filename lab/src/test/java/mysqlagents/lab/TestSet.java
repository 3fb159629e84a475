package mysqlagents.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import mysqlagents.files.Tree;
import mysqlagents.mysql.ServerVersion.Flavour;
import mysqlagents.testbed.Checksums;
import mysqlagents.testbed.TemporaryDirectory;
import org.jspecify.annotations.Nullable;

/// A miniature set for one test, with its logs kept under `target/lab-logs`, and the questions that
/// all tests ask of it.
final class TestSet implements AutoCloseable {
  static final Duration READY_LIMIT = Duration.ofMinutes(3);
  private static final Duration AGREE_LIMIT = Duration.ofSeconds(90);

  private final TestTables tables;
  private final TemporaryDirectory root;
  private final MiniatureStatefulSet set;

  /// A set of MariaDB, for a test that one flavour of server is enough for.
  ///
  /// @param name of the logs' directory: the test's class and method
  TestSet(String name) throws IOException {
    this(name, Flavour.MARIADB);
  }

  /// @param name of the logs' directory: the test's class and method, and the flavour is added
  TestSet(String name, Flavour flavour) throws IOException {
    tables = TestTables.of(flavour);
    Path logs = Path.of("target", "lab-logs", name + "-" + flavour).toAbsolutePath();
    Tree.delete(logs);
    root = TemporaryDirectory.create("mysql-it-");
    try {
      set = new MiniatureStatefulSet(flavour, root.path(), logs);
    } catch (IOException | RuntimeException failure) {
      root.close();
      throw failure;
    }
  }

  MiniatureStatefulSet set() {
    return set;
  }

  Pod pod(int ordinal) {
    return set.pod(ordinal);
  }

  void execute(int ordinal, String... statements) throws SQLException {
    try (Connection connection = set.connect(ordinal);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /// The first column of the first row as text.
  @Nullable String value(int ordinal, String query) throws SQLException {
    try (Connection connection = set.connect(ordinal);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? rows.getString(1) : null;
    }
  }

  TestTables tables() {
    return tables;
  }

  /// Gives the primary tables with rows in them.
  void fill(int kilobytes) throws SQLException {
    execute(0, tables.fill(kilobytes));
  }

  void await(String what, Waiting.Condition condition) throws IOException {
    await(what, AGREE_LIMIT, condition);
  }

  void await(String what, Duration limit, Waiting.Condition condition) throws IOException {
    if (!Waiting.until(limit, condition)) {
      StringBuilder logs = new StringBuilder();
      for (Pod pod : set.pods()) {
        logs.append(MiniatureStatefulSet.logTails(pod));
      }
      throw new AssertionError(
          "it did not come to pass in %d s that %s%n%s".formatted(limit.toSeconds(), what, logs));
    }
  }

  /// Asserts that all pods hold the same rows in the same tables, once replication has caught up,
  /// and that a further write on the primary reaches all of them.
  void assertAgreement() throws IOException, SQLException {
    assertSame();
    String token = UUID.randomUUID().toString();
    execute(
        0,
        "CREATE DATABASE IF NOT EXISTS agreement",
        "CREATE TABLE IF NOT EXISTS agreement.tokens (token VARCHAR(36))",
        "INSERT INTO agreement.tokens VALUES ('%s')".formatted(token));
    for (Pod pod : set.pods()) {
      int ordinal = ordinal(pod);
      await(
          "a later write reaches " + pod.name(),
          () ->
              token.equals(
                  value(
                      ordinal,
                      "SELECT token FROM agreement.tokens WHERE token = '%s'".formatted(token))));
    }
    assertSame();
  }

  private void assertSame() throws IOException, SQLException {
    Checksums primary = checksums(0);
    assertThat(primary.tables()).isNotEmpty();
    for (Pod pod : set.pods()) {
      int ordinal = ordinal(pod);
      if (!Waiting.until(AGREE_LIMIT, () -> checksums(ordinal).equals(primary))) {
        assertThat(checksums(ordinal)).as(pod.name()).isEqualTo(primary);
      }
    }
  }

  Checksums checksums(int ordinal) throws SQLException {
    try (Connection connection = set.connect(ordinal)) {
      return Checksums.of(connection);
    }
  }

  /// What agent-clone noted of a pod's clone; its donor, for one.
  String manifest(int ordinal) throws IOException {
    return Files.readString(set.volume(ordinal).resolve("agent").resolve("clone.json"));
  }

  /// How far the set-up of replication has come; empty before its first step.
  String journal(int ordinal) throws IOException {
    Path record = set.volume(ordinal).resolve("agent").resolve("replication.json");
    return Files.exists(record) ? Files.readString(record) : "";
  }

  String log(int ordinal, String container) throws IOException {
    return String.join("\n", LabLog.lines(pod(ordinal).container(container).log()));
  }

  /// What a container has logged since its pod was started last.
  String newLog(int ordinal, String container) throws IOException {
    String all = log(ordinal, container);
    return all.substring(Math.max(0, all.lastIndexOf(container + ": start 1\n")));
  }

  /// Starts ordinal 0 without its volume, which its agent-clone has to refuse (law 4).
  void requireRefusalOfAnEmptyPrimary() throws Exception {
    set.stop(0);
    set.deleteVolume(0);
    set.start(0);
    Container clone = pod(0).container("agent-clone");
    await("agent-clone refuses", () -> clone.lastStatus() != null);
    assertThat(clone.lastStatus()).as("exit status").isEqualTo(77);
  }

  boolean holdsData(int ordinal) throws IOException {
    Path data = set.volume(ordinal).resolve("mysql");
    if (!Files.isDirectory(data)) {
      return false;
    }
    try (var entries = Files.list(data)) {
      return entries.findAny().isPresent();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      set.close();
    } finally {
      root.close();
    }
  }

  private static int ordinal(Pod pod) {
    return Integer.parseInt(pod.name().substring(pod.name().lastIndexOf('-') + 1));
  }
}
