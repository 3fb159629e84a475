package mysqlagents.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mysqlagents.backup.BinlogPosition;
import mysqlagents.backup.ReplicationCoordinates;
import mysqlagents.journal.CloneManifest;
import mysqlagents.mysql.Duty;
import mysqlagents.mysql.ServerVersion;
import mysqlagents.mysql.ServerVersion.Flavour;
import mysqlagents.mysql.Sql;
import mysqlagents.wire.Json;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

/// A primary and two replicas of one server, whatever it is: `mysql-1` by file and position,
/// `mysql-2` by GTID.
///
/// For most servers there is no backup tool here. So a replica begins empty, and its journal says
/// that it is a clone of what the primary held at that moment.
final class DialectSet implements AutoCloseable {
  static final int BY_POSITION = 1;
  static final int BY_GTID = 2;
  static final int LAG_LIMIT_SECONDS = 4;

  /// For whatever is waited for, on a machine that is busy.
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /// Several looks of a sidecar.
  private static final Duration LOOKS = Duration.ofSeconds(4);

  private static final Path LOGS = Path.of("target/logs");
  private static final Pattern VERSION = Pattern.compile(" Ver (\\S+)");

  private final MysqlSet set;
  private final ServerVersion version;
  private final Map<Integer, String> formerLogs = new HashMap<>();
  private final List<String> formerPasswords = new ArrayList<>();

  /// Counts the clones, and names the schema of the rows that are in none of them.
  private int generation;

  private int rows;

  private DialectSet(MysqlSet set, ServerVersion version) {
    this.set = set;
    this.version = version;
  }

  /// Begins with a pod for the primary, which is asked what it is.
  static DialectSet of(String image) throws IOException, InterruptedException {
    MysqlSet set = TestSettings.newSet(image);
    try {
      Pod primary = set.add();
      primary.hold();
      return new DialectSet(set, versionOf(primary));
    } catch (RuntimeException failure) {
      set.close();
      throw failure;
    }
  }

  private static ServerVersion versionOf(Pod pod) {
    String line = pod.execute(Pod.HOLDER, "sh", "-c", "mysqld --version || mariadbd --version");
    return ServerVersion.parse(
        VERSION
            .matcher(line)
            .results()
            .map((MatchResult match) -> match.group(1))
            .findFirst()
            .orElseThrow());
  }

  void start() throws Exception {
    configure();
    set.add();
    set.add();
    startServer(0);
    prepare(BY_POSITION);
    prepare(BY_GTID);
    awaitServer(0);
    pod(0).startSidecar();
    if (!accounts().areManaged()) {
      awaitLog(0, "MANAGE_ACCOUNTS=false");
      setAll("MANAGE_ACCOUNTS", "false");
      database(0).execute(accounts().statements(Duty.values()));
      restartSidecar(0);
    }
    pod(0).awaitReady();
    join(BY_POSITION, BY_GTID);
  }

  private void configure() {
    set.configure("replica.cnf", "read-only=OFF", "loose-super-read-only=OFF");
    if (!isSupported()) {
      // What MySQL 5.6 asks for with GTIDs.
      set.configure("primary.cnf", "log-slave-updates")
          .configure("replica.cnf", "log-slave-updates");
    }
    setAll("POLL_INTERVAL_SECONDS", "1");
    setAll("LAG_LIMIT_SECONDS", Integer.toString(LAG_LIMIT_SECONDS));
    if (!speaksTls()) {
      setAll("TLS", "off");
    }
    set.setting(BY_POSITION, "POSITIONING", "binlog").setting(BY_GTID, "POSITIONING", "gtid");
  }

  private void setAll(String name, String value) {
    for (int ordinal = 0; ordinal <= BY_GTID; ordinal++) {
      set.setting(ordinal, name, value);
    }
  }

  /// A server with nothing on it.
  private void prepare(int ordinal) {
    pod(ordinal).hold();
    startServer(ordinal);
  }

  /// Replaces replicas by new ones.
  void joinAfresh(int... replicas) throws Exception {
    for (int replica : replicas) {
      pod(replica).close();
      prepare(replica);
    }
    join(replicas);
  }

  /// Makes replicas of servers that hold nothing of what the primary holds now, and take that for
  /// all there is to know. What comes after goes to a table of its own.
  private void join(int... replicas) throws Exception {
    generation++;
    String manifest = Json.write(manifest());
    for (int replica : replicas) {
      awaitServer(replica);
      pod(replica).write("/volume/agent/clone.json", manifest.getBytes(StandardCharsets.UTF_8));
      executeLocally(replica, accounts().ofAClone());
      pod(replica).startSidecar();
    }
    for (int replica : replicas) {
      pod(replica).awaitReady();
    }
    rows = 0;
    database(0)
        .execute(
            "CREATE DATABASE test" + generation,
            "CREATE TABLE %s (number INT PRIMARY KEY)".formatted(table()));
  }

  private CloneManifest manifest() throws SQLException {
    Map<String, @Nullable String> log = database(0).rows(words().showBinaryLog()).getFirst();
    BinlogPosition position =
        new BinlogPosition(
            String.valueOf(log.get("File")), Long.parseLong(String.valueOf(log.get("Position"))));
    return new CloneManifest(
        "clone-" + generation,
        "mysql-0",
        version.toString(),
        "mariadb-backup",
        "0",
        "2026-11-22T10:00:00Z",
        "2026-11-22T10:01:00Z",
        4096,
        "crc32+crc32c:0011223344556677",
        new ReplicationCoordinates(position, database(0).value("SELECT " + words().gtidSet())));
  }

  private void startServer(int ordinal) {
    if (!isSupported()) {
      // MySQL 5.6 has no GTIDs without a binary log, and none while it fills a new volume.
      pod(ordinal).startServer();
      awaitServer(ordinal);
      pod(ordinal).stop(Pod.MYSQLD);
    }
    pod(ordinal).runToEnd("agent-init");
    pod(ordinal).startServer();
  }

  private void awaitServer(int ordinal) {
    eventually(
        "mysqld of mysql-" + ordinal,
        () ->
            assertThat(database(ordinal).version())
                .as(pod(ordinal).log(Pod.MYSQLD))
                .isEqualTo(version));
  }

  private void restartSidecar(int ordinal) {
    formerLogs.put(ordinal, log(ordinal));
    pod(ordinal).stop(Pod.SIDECAR);
    pod(ordinal).startSidecar();
  }

  /// The table that the rows go to.
  String table() {
    return "test%d.messages".formatted(generation);
  }

  /// The number of the row that is written next.
  int nextRow() {
    return rows + 1;
  }

  /// Adds a row on the primary, as soon as that takes it.
  void write() {
    String insert = "INSERT INTO %s VALUES (%d)".formatted(table(), nextRow());
    eventually("mysql-0 takes a row", () -> database(0).execute(insert));
    rows++;
  }

  /// Until a replica has all rows, and no other.
  void awaitRows(int ordinal) {
    eventually(
        "rows of mysql-" + ordinal,
        () ->
            assertThat(database(ordinal).value("SELECT COUNT(*) FROM " + table()))
                .isEqualTo(Integer.toString(rows)));
  }

  /// Changes on a replica what only its primary may change.
  void executeOnReplica(int ordinal, String... statements) throws SQLException {
    executeLocally(ordinal, Stream.of(statements).map(text -> new Sql(text, List.of())).toList());
  }

  /// What no other server hears of. Afterwards a replica takes no writes: to begin with that would
  /// keep its volume from being filled.
  private void executeLocally(int ordinal, List<Sql> statements) throws SQLException {
    List<Sql> all = new ArrayList<>(statements);
    all.addFirst(new Sql("SET SESSION sql_log_bin = 0", List.of()));
    String readOnly = hasSuperReadOnly() ? "super_read_only" : "read_only";
    all.addFirst(new Sql("SET GLOBAL %s = OFF".formatted(readOnly), List.of()));
    all.add(new Sql("SET GLOBAL %s = ON".formatted(readOnly), List.of()));
    database(ordinal).execute(all);
  }

  private boolean hasSuperReadOnly() {
    return version.flavour() == Flavour.MYSQL && version.isAtLeast(5, 7, 8);
  }

  /// MySQL from 8.4 on gives up after ten tries of its own, older ones after months.
  ///
  /// @return false where that cannot be set for a channel
  boolean giveUpAfter(int tries, int ordinal) throws SQLException {
    if (version.flavour() == Flavour.MARIADB) {
      return false;
    }
    database(ordinal)
        .execute(
            "STOP " + words().replica(),
            "%s TO %s_RETRY_COUNT = %d".formatted(words().change(), words().source(), tries),
            "START " + words().replica());
    awaitReadyz(ordinal, "200 ready: replication runs");
    return true;
  }

  /// Ends the connections of replicas on the primary's side.
  void cutReplicasOff() throws SQLException {
    String dumps =
        "SELECT id FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'";
    for (Map<String, @Nullable String> dump : database(0).rows(dumps)) {
      database(0).execute("KILL " + dump.values().iterator().next());
    }
  }

  /// Leaves the primary with none of the binary logs that it had.
  void purgeBinaryLogs() throws SQLException {
    database(0).execute("FLUSH BINARY LOGS");
    Object current = database(0).rows(words().showBinaryLog()).getFirst().get("File");
    // Those that a connection still reads are passed over without a word.
    eventually(
        "purged binary logs",
        () -> {
          database(0).execute("PURGE BINARY LOGS TO '%s'".formatted(current));
          assertThat(database(0).rows("SHOW BINARY LOGS")).hasSize(1);
        });
  }

  /// All that the primary has written to its binary logs, in words.
  String binaryLog() throws SQLException {
    StringBuilder events = new StringBuilder();
    for (Map<String, @Nullable String> log : database(0).rows("SHOW BINARY LOGS")) {
      String show = "SHOW BINLOG EVENTS IN '%s'".formatted(log.get("Log_name"));
      for (Map<String, @Nullable String> event : database(0).rows(show)) {
        events.append(event.get("Info")).append('\n');
      }
    }
    return events.toString();
  }

  /// Those that are in force, and those that were.
  List<String> passwords() {
    return Stream.concat(
            formerPasswords.stream(),
            Stream.of("root", "agent", "backup", "replication").map(set.secrets()::password))
        .toList();
  }

  /// As kubelet brings a changed Secret to one pod after the other.
  void changePassword(int ordinal, String user, String password) {
    byte[] content = password.getBytes(StandardCharsets.UTF_8);
    formerPasswords.add(set.secrets().password(user));
    set.secrets().files().put("passwords/" + user, content);
    pod(ordinal).write("/etc/mysql-agents/passwords/" + user, content);
  }

  /// On the primary, by whoever manages the accounts.
  void changePasswordOfReplication(String password) throws SQLException {
    changePassword(0, "replication", password);
    if (accounts().areManaged()) {
      awaitLog(0, "account 'replication'@'%': set its password");
    } else {
      database(0).execute("SET PASSWORD FOR replication@'%%' = PASSWORD('%s')".formatted(password));
    }
  }

  void awaitReadyz(int ordinal, String words) {
    eventually(
        "/readyz of mysql-" + ordinal,
        () -> assertThat(management(ordinal).readyz()).startsWith(words));
  }

  void awaitStatus(int ordinal, String column, String value) {
    eventually(column, () -> assertThat(status(ordinal)).containsEntry(column, value));
  }

  /// While it is started again, a thread has no error for a moment.
  void awaitIoError(int ordinal) {
    eventually(
        "an error of the IO thread",
        () -> assertThat(status(ordinal)).doesNotContainEntry("Last_IO_Errno", "0"));
  }

  void awaitLog(int ordinal, String words) {
    eventually(words, () -> assertThat(log(ordinal)).contains(words));
  }

  /// Over several looks of the sidecar.
  void staysIn(int ordinal, String state) {
    await(state).during(LOOKS).atMost(LIMIT).until(management(ordinal)::state, state::equals);
  }

  /// Servers and sidecars that are just coming up cannot answer.
  private static void eventually(String what, ThrowingRunnable assertion) {
    await(what).atMost(LIMIT).ignoreExceptions().untilAsserted(assertion);
  }

  /// What the sidecar of a pod has said, and the one before it.
  String log(int ordinal) {
    return formerLogs.getOrDefault(ordinal, "") + pod(ordinal).log(Pod.SIDECAR);
  }

  /// How often the sidecar has said that its server is not supported.
  int warnings(int ordinal) {
    String warning = version + " is not a server that mysql-agents supports";
    return pod(ordinal).log(Pod.SIDECAR).split(Pattern.quote(warning), -1).length - 1;
  }

  void awaitWarnings(int ordinal, int number) {
    eventually(
        "warnings of mysql-" + ordinal, () -> assertThat(warnings(ordinal)).isEqualTo(number));
  }

  Map<String, @Nullable String> status(int ordinal) throws SQLException {
    return database(ordinal).rows(words().showStatus()).getFirst();
  }

  Management management(int ordinal) {
    return new Management(pod(ordinal));
  }

  Database database(int ordinal) {
    return new Database(() -> set.connect(ordinal));
  }

  Pod pod(int ordinal) {
    return set.pod(ordinal);
  }

  Accounts accounts() {
    return new Accounts(version, set.secrets());
  }

  ServerVersion version() {
    return version;
  }

  Words words() {
    return Words.of(version);
  }

  boolean isSupported() {
    return version.flavour() == Flavour.MARIADB || version.isAtLeast(5, 7, 0);
  }

  boolean speaksTls() {
    return isSupported();
  }

  /// Deletes everything; what the containers have said is kept for whoever has to find out why.
  @Override
  public void close() throws IOException {
    try {
      Logs.save(set, LOGS.resolve(version.toString().replace(' ', '-')));
    } finally {
      set.close();
    }
  }
}
