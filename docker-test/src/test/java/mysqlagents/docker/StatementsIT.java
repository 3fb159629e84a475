package mysqlagents.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mysqlagents.mysql.AccountDialect;
import mysqlagents.mysql.Dialect;
import mysqlagents.mysql.Duty;
import mysqlagents.mysql.GtidSet;
import mysqlagents.mysql.ReplicaStatus;
import mysqlagents.mysql.ReplicationSource;
import mysqlagents.mysql.Secret;
import mysqlagents.mysql.ServerVersion;
import mysqlagents.mysql.ServerVersion.Flavour;
import mysqlagents.mysql.Sql;
import mysqlagents.tls.MysqldTlsFiles;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.testcontainers.containers.MySQLContainer;
import org.testcontainers.utility.DockerImageName;

/// Every statement of a dialect, to a plain server, and what the server says then.
@ExtendWith(Progress.class)
@ParameterizedClass(name = "{0}")
@MethodSource("mysqlagents.docker.TestSettings#serverImages")
class StatementsIT {
  private static final Secret PASSWORD = new Secret("only-for-this-test");

  /// Nobody is there.
  private static final ReplicationSource SOURCE =
      new ReplicationSource("127.0.0.1", 1, "replica", PASSWORD, Optional.empty());

  private static final Path TLS = Path.of("/nowhere");

  private static final int AUTO_POSITION_REQUIRES_GTID_MODE_ON = 1777;

  private static final int PASSWORD_TOO_LONG = 3056;

  /// A syntax error, an unknown variable, a plugin that is not loaded.
  private static final Set<Integer> UNKNOWN = Set.of(1064, 1193, 1524);

  @SuppressWarnings("NullAway.Init")
  private static MySQLContainer<?> server;

  @SuppressWarnings("NullAway.Init")
  private static Database database;

  @SuppressWarnings("NullAway.Init")
  private static ServerVersion version;

  @SuppressWarnings("NullAway.Init")
  private static Dialect dialect;

  /// For the tests' names.
  @Parameter
  @SuppressWarnings("NullAway.Init")
  String image;

  @BeforeParameterizedClassInvocation
  static void start(String image) throws Exception {
    server =
        new MySQLContainer<>(DockerImageName.parse(image).asCompatibleSubstituteFor("mysql"))
            .withUsername("root")
            .withPassword(PASSWORD.value())
            // One that is always there; the tests need none.
            .withDatabaseName("mysql")
            .withConfigurationOverride("plain-server");
    server.start();
    database = new Database(StatementsIT::connect);
    version = database.version();
    dialect = Dialect.of(version);
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(server.getJdbcUrl(), "root", PASSWORD.value());
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    server.stop();
  }

  @BeforeEach
  void forgetReplication() throws SQLException {
    database.execute(dialect.stopAndReset(channels()));
    assertThat(statuses()).isEmpty();
  }

  @Test
  void itsStateIsRead() throws SQLException {
    assertThat(database.rows(dialect.showBinaryLogStatus()).getFirst())
        .hasEntrySatisfying("File", file -> assertThat(file).startsWith("mysql-bin."))
        .containsKey("Position");
    boolean gtids =
        version.flavour() == Flavour.MARIADB || database.value("SELECT @@gtid_mode").equals("ON");
    assertThat(database.value(dialect.gtidUsable())).isEqualTo(gtids ? "1" : "0");
    assertThat(database.rows(dialect.startCommands())).isNotEmpty();
    Sql showProcesses = dialect.showProcesses();
    assertThat(database.rows(showProcesses))
        .anySatisfy(row -> assertThat(row).containsEntry("Info", showProcesses.text()));
    database.execute(List.of(dialect.flushEngineLogs()));
    if (dialect.redoProgress().isPresent()) {
      assertThat(database.rows(dialect.redoProgress().get())).hasSize(2);
    }
  }

  @Test
  void aSourceIsFollowedByFileAndPosition() throws SQLException {
    database.execute(List.of(dialect.followFrom(SOURCE, "mysql-bin.000007", 4711)));
    ReplicaStatus status = statuses().getFirst();
    assertThat(status.channel()).isEmpty();
    assertThat(status.host()).isEqualTo(SOURCE.host());
    assertThat(status.port()).isEqualTo(SOURCE.port());
    assertThat(status.user()).isEqualTo(SOURCE.user());
    assertThat(status.usesGtid()).isFalse();
    assertThat(status.read()).hasToString("mysql-bin.000007:4711");
    assertThat(status.hasRun()).isFalse();
    assertThat(status.tls().enabled()).isFalse();
    assertThat(heartbeatPeriod(status)).isEqualTo(expectedHeartbeatPeriod());
  }

  /// MySQL keeps it in a table of its own.
  private static @Nullable Duration heartbeatPeriod(ReplicaStatus status) throws SQLException {
    Optional<Sql> query = dialect.heartbeats(status.channel());
    if (query.isEmpty()) {
      return status.heartbeatPeriod();
    }
    String seconds = String.valueOf(database.rows(query.get()).getFirst().get("period"));
    return Duration.ofSeconds((long) Double.parseDouble(seconds));
  }

  private static @Nullable Duration expectedHeartbeatPeriod() {
    boolean unknown = version.flavour() == Flavour.MYSQL && !version.isAtLeast(5, 7, 0);
    return unknown ? null : Duration.ofSeconds(Dialect.HEARTBEAT_SECONDS);
  }

  /// MySQL before 9.x has GTID mode off by default; [DialectIT] has it on.
  @Test
  void aSourceIsFollowedByGtid() throws SQLException {
    if (database.value(dialect.gtidUsable()).equals("0")) {
      assertThat(errorOf(dialect.followByGtid(SOURCE)))
          .isEqualTo(AUTO_POSITION_REQUIRES_GTID_MODE_ON);
      return;
    }
    GtidSet set =
        GtidSet.parse(
            version.flavour() == Flavour.MARIADB
                ? "0-9-23,7-9-4"
                : "aaaaaaaa-bbbb-11ee-8888-0242ac110002:1-57");
    database.execute(dialect.declareHeld(set));
    assertThat(GtidSet.parse(database.value(dialect.appliedGtidSet())).sameAs(set)).isTrue();
    database.execute(List.of(dialect.followByGtid(SOURCE)));
    assertThat(statuses().getFirst().usesGtid()).isTrue();
  }

  @Test
  void aChannelIsStartedStoppedAndGivenAnotherLogin() throws SQLException {
    database.execute(List.of(dialect.followFrom(SOURCE, "mysql-bin.000007", 4711)));
    long before = starts();
    database.execute(List.of(dialect.start("")));
    // More than one, where two words are counted.
    assertThat(starts()).isGreaterThan(before);
    assertThat(statuses().getFirst().sqlThreadRuns()).isTrue();
    ReplicationSource other =
        new ReplicationSource(
            SOURCE.host(), SOURCE.port(), "other", PASSWORD, Optional.of(MysqldTlsFiles.in(TLS)));
    database.execute(
        List.of(dialect.stopToReconnect(""), dialect.reconnectAs("", other), dialect.start("")));
    ReplicaStatus changed = statuses().getFirst();
    assertThat(changed.user()).isEqualTo("other");
    assertThat(changed.tls().fits(other.tls())).isTrue();
    assertThat(changed.applied()).hasToString("mysql-bin.000007:4711");
    assertThat(heartbeatPeriod(changed)).isEqualTo(expectedHeartbeatPeriod());
    database.execute(List.of(dialect.stop("")));
    assertThat(statuses().getFirst().sqlThreadRuns()).isFalse();
  }

  private static long starts() throws SQLException {
    return database.rows(dialect.startCommands()).stream()
        .mapToLong(row -> Long.parseLong(String.valueOf(row.get("Value"))))
        .sum();
  }

  /// Which the agents never make, but find where somebody else did.
  @Test
  void aNamedChannelIsSpokenTo() throws SQLException {
    boolean mariaDb = version.flavour() == Flavour.MARIADB;
    if (!mariaDb && !version.isAtLeast(5, 7, 6)) {
      assertThat(statuses()).isEmpty();
      return;
    }
    Words words = Words.of(version);
    String name = " 'o''ther' ";
    database.execute(
        "%s%sTO %s_HOST = '127.0.0.1', %s_PORT = 1, %s_USER = 'x'%s"
            .formatted(
                words.change(),
                mariaDb ? name : " ",
                words.source(),
                words.source(),
                words.source(),
                mariaDb ? "" : " FOR CHANNEL" + name));
    assertThat(channels()).containsExactly("o'ther");
    database.execute(List.of(dialect.start("o'ther")));
    assertThat(statuses().getFirst().sqlThreadRuns()).isTrue();
    database.execute(
        List.of(
            dialect.stopToReconnect("o'ther"),
            dialect.reconnectAs("o'ther", SOURCE),
            dialect.stop("o'ther")));
    assertThat(statuses().getFirst().user()).isEqualTo(SOURCE.user());
  }

  /// The primary would take it, so its replicas would be locked out.
  @Test
  void aLongPasswordIsTakenOrRefusedAsTheAccountsKnow() throws Exception {
    ReplicationSource source =
        new ReplicationSource(
            SOURCE.host(),
            SOURCE.port(),
            SOURCE.user(),
            new Secret("x".repeat(33)),
            Optional.empty());
    int error = errorOf(dialect.followFrom(source, "mysql-bin.000007", 4711));
    if (version.flavour() == Flavour.MYSQL && version.isAtLeast(5, 7, 8)) {
      assertThat(error).isEqualTo(PASSWORD_TOO_LONG);
      assertThat(AccountDialect.of(version).longestPassword(Duty.REPLICATION)).isEqualTo(32);
    } else {
      assertThat(error).isZero();
    }
  }

  /// A statement, and which servers know it: MySQL from one version to before another, MariaDB from
  /// a third on.
  private record Fact(String statement, String mySql, String beforeMySql, String mariaDb) {
    boolean isKnown() {
      return version.flavour() == Flavour.MARIADB
          ? isAtLeast(mariaDb)
          : isAtLeast(mySql) && !isAtLeast(beforeMySql);
    }
  }

  private static final String ALWAYS = "1.0.0";
  private static final String NEVER = "99.0.0";

  private static final List<Fact> FACTS =
      List.of(
          new Fact("SHOW SLAVE STATUS", ALWAYS, "8.4.0", ALWAYS),
          new Fact("SHOW REPLICA STATUS", "8.0.22", NEVER, "10.5.1"),
          new Fact("SHOW ALL SLAVES STATUS", NEVER, NEVER, "10.0.0"),
          new Fact("STOP SLAVE", ALWAYS, "8.4.0", ALWAYS),
          new Fact("STOP REPLICA", "8.0.22", NEVER, "10.5.1"),
          new Fact("SHOW MASTER STATUS", ALWAYS, "8.4.0", ALWAYS),
          // MariaDB from 11.8 at the latest; its own words are still known.
          new Fact("SHOW BINARY LOG STATUS", "8.2.0", NEVER, "11.8.0"),
          new Fact("RESET MASTER", ALWAYS, "8.4.0", ALWAYS),
          new Fact("RESET BINARY LOGS AND GTIDS", "8.2.0", NEVER, NEVER),
          new Fact("ALTER INSTANCE RELOAD TLS", "8.0.16", NEVER, NEVER),
          new Fact("FLUSH LOCAL SSL", NEVER, NEVER, "10.4.1"),
          new Fact("SELECT @@read_only", ALWAYS, NEVER, ALWAYS),
          new Fact("SELECT @@super_read_only", "5.7.8", NEVER, NEVER),
          new Fact("SELECT @@gtid_mode", "5.6.5", NEVER, NEVER),
          new Fact("SELECT @@gtid_slave_pos", NEVER, NEVER, "10.0.2"),
          new Fact(
              "CREATE USER IF NOT EXISTS n IDENTIFIED WITH mysql_native_password",
              "5.7.6",
              "8.4.0",
              "10.4.3"),
          new Fact(
              "CREATE USER IF NOT EXISTS c IDENTIFIED WITH caching_sha2_password",
              "8.0.4",
              NEVER,
              NEVER));

  /// The words that the dialects do not use for a server because it does not know them, and those
  /// that they do.
  @Test
  void theWordsOfItsTimeAreKnownAndNoOthers() {
    assertThat(FACTS)
        .filteredOn(fact ->
            UNKNOWN.contains(errorOf(new Sql(fact.statement(), List.of()))) == fact.isKnown())
        .as("what %s does not answer as expected", version)
        .isEmpty();
  }

  private static boolean isAtLeast(String text) {
    ServerVersion other = ServerVersion.parse(text);
    return version.isAtLeast(other.major(), other.minor(), other.patch());
  }

  /// 0 if the server takes the statement.
  private static int errorOf(Sql statement) {
    try {
      database.execute(List.of(statement));
      return 0;
    } catch (SQLException refused) {
      return refused.getErrorCode();
    }
  }

  private static List<ReplicaStatus> statuses() throws SQLException {
    List<ReplicaStatus> statuses = new ArrayList<>();
    for (Map<String, @Nullable String> row : database.rows(dialect.showReplicaStatus())) {
      ReplicaStatus status = dialect.replicaStatus(row);
      if (!status.host().isEmpty()) {
        statuses.add(status);
      }
    }
    return statuses;
  }

  private static List<String> channels() throws SQLException {
    return statuses().stream().map(ReplicaStatus::channel).toList();
  }
}
