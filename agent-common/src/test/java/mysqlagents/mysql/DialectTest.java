package mysqlagents.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mysqlagents.main.AgentFailure;
import mysqlagents.mysql.ReplicaStatus.IoThread;
import mysqlagents.mysql.ReplicaStatus.LogPosition;
import mysqlagents.mysql.ReplicaStatus.ThreadError;
import mysqlagents.tls.MysqldTlsFiles;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DialectTest {
  private static final Secret PASSWORD = new Secret("s3cr'et");
  private static final ReplicationSource SOURCE =
      new ReplicationSource("mysql-0.mysql", 3306, "replica'; --", PASSWORD, Optional.empty());
  private static final ReplicationSource TLS_SOURCE =
      new ReplicationSource(
          "mysql-0.mysql",
          3306,
          "replica'; --",
          PASSWORD,
          Optional.of(MysqldTlsFiles.in(Path.of("/tls"))));
  private static final GtidSet MARIADB_SET = GtidSet.parse("0-1-23");
  private static final GtidSet MYSQL_SET =
      GtidSet.parse("aaaaaaaa-bbbb-11ee-8888-0242ac110002:1-57");

  private static Dialect dialect(String version) throws AgentFailure {
    return Dialect.of(ServerVersion.parse(version));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5.6.51",
        "5.7.44-log",
        "8.0.11",
        "8.0.36",
        "8.4.0",
        "9.7.0",
        "10.11.19-MariaDB-log",
        "11.8.6-MariaDB",
        "5.5.5-10.11.18-MariaDB",
        // Not supported, and warned of.
        "8.2.0",
        "10.0.0",
        "10.6.18-MariaDB-log",
        "12.0.2-MariaDB"
      })
  void hasWordsFor(String version) throws AgentFailure {
    assertThat(dialect(version)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "5.5.62,               MySQL 5.5.62",
    "5.6.4,                MySQL 5.6.4",
    "10.3.39-MariaDB-log,  MariaDB 10.3.39",
    "10.5.8-MariaDB,       MariaDB 10.5.8",
  })
  void refusesOlderOnesByName(String version, String name) {
    assertThatThrownBy(() -> dialect(version))
        .isInstanceOfSatisfying(
            AgentFailure.class, failure -> assertThat(failure.remedy()).contains("MariaDB 10.11"))
        .hasMessage(
            name + " is not a server that mysql-agents supports, and too old to be spoken to");
  }

  @Test
  void setsUpMariaDbByGtid() throws AgentFailure {
    Dialect dialect = dialect("10.11.19-MariaDB");
    assertThat(texts(dialect.stopAndReset(List.of("", "c'2"))))
        .containsExactly("STOP ALL SLAVES", "RESET SLAVE ? ALL", "RESET SLAVE ALL");
    assertThat(dialect.stopAndReset(List.of("", "c'2")).get(1).values()).containsExactly("c'2");
    assertThat(dialect.declareHeld(MARIADB_SET))
        .containsExactly(new Sql("SET GLOBAL gtid_slave_pos = ?", List.of("0-1-23")));
    Sql change = dialect.followByGtid(SOURCE);
    assertThat(change.text())
        .isEqualTo(
            "CHANGE MASTER TO MASTER_HEARTBEAT_PERIOD = 3, MASTER_HOST = ?, MASTER_PORT = ?, MASTER_USER = ?,"
                + " MASTER_PASSWORD = ?, MASTER_SSL = 0, MASTER_SSL_VERIFY_SERVER_CERT = 0,"
                + " MASTER_CONNECT_RETRY = 5,"
                + " MASTER_USE_GTID = slave_pos");
    assertThat(change.values())
        .containsExactly("mysql-0.mysql", 3306, "replica'; --", new Secret("s3cr'et"));
  }

  @Test
  void setsUpMariaDbByFileAndPosition() throws AgentFailure {
    Sql change = dialect("11.8.6-MariaDB").followFrom(SOURCE, "mysql-bin.000002", 4711);
    assertThat(change.text())
        .endsWith("MASTER_LOG_FILE = ?, MASTER_LOG_POS = ?, MASTER_USE_GTID = no");
    assertThat(change.values()).endsWith("mysql-bin.000002", 4711L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.6.51", "5.7.44", "8.0.3"})
  void setsUpOldMySqlInOldWords(String version) throws AgentFailure {
    Dialect dialect = dialect(version);
    assertThat(texts(dialect.stopAndReset(List.of(""))))
        .containsExactly("STOP SLAVE", "RESET SLAVE ALL");
    assertThat(texts(dialect.declareHeld(MYSQL_SET)))
        .containsExactly("RESET MASTER", "SET GLOBAL gtid_purged = ?");
    assertThat(dialect.followByGtid(SOURCE).text())
        .isEqualTo(
            "CHANGE MASTER TO MASTER_HEARTBEAT_PERIOD = 3, MASTER_HOST = ?, MASTER_PORT = ?, MASTER_USER = ?,"
                + " MASTER_PASSWORD = ?, MASTER_SSL = 0, MASTER_SSL_VERIFY_SERVER_CERT = 0,"
                + " MASTER_CONNECT_RETRY = 5,"
                + " MASTER_AUTO_POSITION = 1");
    assertThat(dialect.followFrom(SOURCE, "b.000001", 4).text())
        .endsWith("MASTER_AUTO_POSITION = 0, MASTER_LOG_FILE = ?, MASTER_LOG_POS = ?");
    assertThat(dialect.start("").text()).isEqualTo("START SLAVE");
    assertThat(dialect.stop("").text()).isEqualTo("STOP SLAVE");
    assertThat(dialect.showReplicaStatus().text()).isEqualTo("SHOW SLAVE STATUS");
    assertThat(dialect.showBinaryLogStatus().text()).isEqualTo("SHOW MASTER STATUS");
  }

  @Test
  void asksForThePublicKeyWhereCachingSha2Is() throws AgentFailure {
    assertThat(dialect("8.0.22").followByGtid(SOURCE).text())
        .endsWith("MASTER_AUTO_POSITION = 1, GET_MASTER_PUBLIC_KEY = 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.0.23", "8.4.3", "9.7.0"})
  void setsUpNewMySqlInNewWords(String version) throws AgentFailure {
    Dialect dialect = dialect(version);
    assertThat(texts(dialect.stopAndReset(List.of("", "x"))))
        .containsExactly("STOP REPLICA", "RESET REPLICA ALL");
    assertThat(dialect.followByGtid(SOURCE).text())
        .isEqualTo(
            "CHANGE REPLICATION SOURCE TO SOURCE_HEARTBEAT_PERIOD = 3, SOURCE_HOST = ?, SOURCE_PORT = ?, SOURCE_USER = ?,"
                + " SOURCE_PASSWORD = ?, SOURCE_SSL = 0, SOURCE_SSL_VERIFY_SERVER_CERT = 0,"
                + " SOURCE_CONNECT_RETRY = 5,"
                + " SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1");
    assertThat(dialect.followFrom(SOURCE, "b.000001", 4).text())
        .endsWith(
            "SOURCE_AUTO_POSITION = 0, SOURCE_LOG_FILE = ?, SOURCE_LOG_POS = ?,"
                + " GET_SOURCE_PUBLIC_KEY = 1");
    assertThat(dialect.start("").text()).isEqualTo("START REPLICA");
    assertThat(dialect.stop("x")).isEqualTo(Sql.of("STOP REPLICA FOR CHANNEL ?", "x"));
    assertThat(dialect.showReplicaStatus().text()).isEqualTo("SHOW REPLICA STATUS");
  }

  @ParameterizedTest
  @CsvSource({
    "5.7.44, CHANGE MASTER, MASTER",
    "8.0.22, CHANGE MASTER, MASTER",
    "8.0.23, CHANGE REPLICATION SOURCE, SOURCE",
    "9.7.0, CHANGE REPLICATION SOURCE, SOURCE",
    "10.11.19-MariaDB, CHANGE MASTER, MASTER",
    "11.8.6-MariaDB, CHANGE MASTER, MASTER",
  })
  void followsOverTlsWithProofOnBothSides(String version, String change, String prefix)
      throws AgentFailure {
    for (Sql follow :
        List.of(
            dialect(version).followByGtid(TLS_SOURCE),
            dialect(version).followFrom(TLS_SOURCE, "b.000001", 4))) {
      assertThat(follow.text())
          .startsWith(
              (change
                      + " TO @_HEARTBEAT_PERIOD = 3, @_HOST = ?, @_PORT = ?, @_USER = ?, @_PASSWORD = ?, @_SSL = 1,"
                      + " @_SSL_CA = ?, @_SSL_CERT = ?, @_SSL_KEY = ?,"
                      + " @_SSL_VERIFY_SERVER_CERT = 1, @_CONNECT_RETRY = 5,")
                  .replace("@", prefix));
      assertThat(follow.values())
          .startsWith(
              "mysql-0.mysql",
              3306,
              "replica'; --",
              PASSWORD,
              "/tls/ca.crt",
              "/tls/tls.crt",
              "/tls/tls.key");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "5.6.51, CHANGE MASTER, MASTER, '', STOP SLAVE",
    "5.7.44, CHANGE MASTER, MASTER, '', STOP SLAVE IO_THREAD",
    "8.0.22, CHANGE MASTER, MASTER, ', GET_MASTER_PUBLIC_KEY = 1', STOP SLAVE IO_THREAD",
    "8.0.36, CHANGE REPLICATION SOURCE, SOURCE, ', GET_SOURCE_PUBLIC_KEY = 1', STOP REPLICA IO_THREAD",
    "9.7.0, CHANGE REPLICATION SOURCE, SOURCE, ', GET_SOURCE_PUBLIC_KEY = 1', STOP REPLICA IO_THREAD",
    "10.11.19-MariaDB, CHANGE MASTER, MASTER, '', STOP SLAVE",
    "11.8.6-MariaDB, CHANGE MASTER, MASTER, '', STOP SLAVE",
  })
  void changesTheLoginAndNeverThePlace(
      String version, String change, String prefix, String publicKey, String stop)
      throws AgentFailure {
    Dialect dialect = dialect(version);
    assertThat(dialect.stopToReconnect("").text()).isEqualTo(stop);
    Sql clear = dialect.reconnectAs("", SOURCE);
    assertThat(clear.text())
        .isEqualTo(
            (change
                    + " TO @_HEARTBEAT_PERIOD = 3, @_USER = ?, @_PASSWORD = ?, @_SSL = 0, @_SSL_VERIFY_SERVER_CERT = 0"
                    + publicKey)
                .replace("@", prefix));
    assertThat(clear.values()).containsExactly("replica'; --", PASSWORD);
    Sql tls = dialect.reconnectAs("", TLS_SOURCE);
    assertThat(tls.text())
        .isEqualTo(
            (change
                    + " TO @_HEARTBEAT_PERIOD = 3, @_USER = ?, @_PASSWORD = ?, @_SSL = 1, @_SSL_CA = ?, @_SSL_CERT = ?,"
                    + " @_SSL_KEY = ?, @_SSL_VERIFY_SERVER_CERT = 1"
                    + publicKey)
                .replace("@", prefix));
    // Any of these would make the server forget its place.
    for (Sql sql : List.of(clear, tls)) {
      assertThat(sql.text())
          .doesNotContain("_HOST", "_PORT", "_LOG_FILE", "_LOG_POS", "AUTO_POSITION", "USE_GTID");
    }
  }

  @Test
  void changesTheLoginOfANamedChannel() throws AgentFailure {
    assertThat(dialect("8.4.0").reconnectAs("c'1", SOURCE).text()).endsWith(" FOR CHANNEL ?");
    assertThat(dialect("8.4.0").reconnectAs("c'1", SOURCE).values()).endsWith("c'1");
    assertThat(dialect("8.4.0").stopToReconnect("c'1"))
        .isEqualTo(Sql.of("STOP REPLICA IO_THREAD FOR CHANNEL ?", "c'1"));
    Sql mariadb = dialect("10.11.19-MariaDB").reconnectAs("c'1", SOURCE);
    assertThat(mariadb.text())
        .startsWith("CHANGE MASTER ? TO MASTER_HEARTBEAT_PERIOD = 3, MASTER_USER = ?");
    assertThat(mariadb.values()).containsExactly("c'1", "replica'; --", PASSWORD);
  }

  @ParameterizedTest
  @CsvSource({
    "5.7.44,",
    "8.0.15,",
    "8.0.16, ALTER INSTANCE RELOAD TLS",
    "9.7.0, ALTER INSTANCE RELOAD TLS",
    "10.11.19-MariaDB, FLUSH LOCAL SSL",
    "11.8.6-MariaDB, FLUSH LOCAL SSL",
  })
  void reloadsCertificatesWhereTheServerCan(String version, @Nullable String statement)
      throws AgentFailure {
    assertThat(dialect(version).reloadCertificates().map(Sql::text))
        .isEqualTo(Optional.ofNullable(statement));
  }

  @Test
  void emptiesTheBinaryLogInTheWordsOfTheDay() throws AgentFailure {
    assertThat(texts(dialect("8.0.36").declareHeld(MYSQL_SET))).startsWith("RESET MASTER");
    assertThat(dialect("8.0.36").showBinaryLogStatus().text()).isEqualTo("SHOW MASTER STATUS");
    assertThat(texts(dialect("8.4.0").declareHeld(MYSQL_SET)))
        .startsWith("RESET BINARY LOGS AND GTIDS");
    assertThat(dialect("8.4.0").showBinaryLogStatus().text()).isEqualTo("SHOW BINARY LOG STATUS");
  }

  @Test
  void addressesNamedConnectionsOfMariaDb() throws AgentFailure {
    Dialect dialect = dialect("10.11.19-MariaDB");
    assertThat(dialect.start("")).isEqualTo(Sql.of("START SLAVE"));
    assertThat(dialect.start("c1")).isEqualTo(Sql.of("START SLAVE ?", "c1"));
    assertThat(dialect.stop("c1")).isEqualTo(Sql.of("STOP SLAVE ?", "c1"));
  }

  @Test
  void readsTheStatusOfMariaDb() throws AgentFailure {
    Map<String, @Nullable String> row = new HashMap<>();
    row.put("Connection_name", "");
    row.put("Master_Host", "mysql-0.mysql");
    row.put("Master_User", "root");
    row.put("Master_Port", "3306");
    row.put("Master_Log_File", "mysql-bin.000003");
    row.put("Read_Master_Log_Pos", "761");
    row.put("Relay_Master_Log_File", "mysql-bin.000002");
    row.put("Exec_Master_Log_Pos", "12");
    row.put("Slave_IO_Running", "Preparing");
    row.put("Slave_SQL_Running", "Yes");
    row.put("Seconds_Behind_Master", null);
    row.put("Last_IO_Errno", "2003");
    row.put("Last_IO_Error", "error connecting to master ");
    row.put("Last_SQL_Errno", "0");
    row.put("Last_SQL_Error", "");
    row.put("Using_Gtid", "Slave_Pos");
    row.put("Gtid_IO_Pos", "0-100-3");
    row.put("Slave_received_heartbeats", "8");
    row.put("Slave_heartbeat_period", "5.000");
    putTls(row, "Master");
    assertThat(dialect("10.11.19-MariaDB").replicaStatus(row))
        .isEqualTo(
            new ReplicaStatus(
                "",
                "mysql-0.mysql",
                3306,
                "root",
                TLS,
                true,
                IoThread.CONNECTING,
                true,
                null,
                new ThreadError(2003, "error connecting to master"),
                new ThreadError(0, ""),
                new LogPosition("mysql-bin.000003", 761),
                new LogPosition("mysql-bin.000002", 12),
                "0-100-3",
                8L,
                Duration.ofSeconds(5)));
  }

  @ParameterizedTest
  @CsvSource({"5.7.44, Slave, Master", "8.4.0, Replica, Source"})
  void readsTheStatusOfMySql(String version, String replica, String source) throws AgentFailure {
    Map<String, @Nullable String> row = new HashMap<>();
    row.put("Channel_Name", "");
    row.put(source + "_Host", "mysql-0.mysql");
    row.put(source + "_User", "root");
    row.put(source + "_Port", "3306");
    row.put(source + "_Log_File", "binlog.000003");
    row.put("Read_" + source + "_Log_Pos", "761");
    row.put("Relay_" + source + "_Log_File", "binlog.000003");
    row.put("Exec_" + source + "_Log_Pos", "761");
    row.put(replica + "_IO_Running", "Yes");
    row.put(replica + "_SQL_Running", "Yes");
    row.put("Seconds_Behind_" + source, "17");
    row.put("Last_IO_Errno", "0");
    row.put("Last_IO_Error", "");
    row.put("Last_SQL_Errno", "0");
    row.put("Last_SQL_Error", "");
    row.put("Auto_Position", "1");
    putTls(row, source);
    row.put("Retrieved_Gtid_Set", "aaaaaaaa-bbbb-11ee-8888-0242ac110002:1-57,\nx");
    ReplicaStatus status = dialect(version).replicaStatus(row);
    assertThat(status.bothThreadsRun()).isTrue();
    assertThat(status.lag()).isEqualTo(Duration.ofSeconds(17));
    assertThat(status.usesGtid()).isTrue();
    assertThat(status.tls()).isEqualTo(TLS);
    assertThat(status.gtid()).isEqualTo("aaaaaaaa-bbbb-11ee-8888-0242ac110002:1-57,x");
    assertThat(status.heartbeats()).isNull();
  }

  private static final ChannelTls TLS =
      new ChannelTls(true, "/tls/ca.crt", "/tls/tls.crt", "/tls/tls.key", true);

  private static void putTls(Map<String, @Nullable String> row, String server) {
    row.put(server + "_SSL_Allowed", "Yes");
    row.put(server + "_SSL_CA_File", "/tls/ca.crt");
    row.put(server + "_SSL_Cert", "/tls/tls.crt");
    row.put(server + "_SSL_Key", "/tls/tls.key");
    row.put(server + "_SSL_Verify_Server_Cert", "Yes");
  }

  @Test
  void namesAColumnThatIsMissing() throws AgentFailure {
    Dialect dialect = dialect("9.7.0");
    assertThatThrownBy(() -> dialect.replicaStatus(Map.of("Channel_Name", "")))
        .hasMessage("the server's replication status has no column Source_Host");
  }

  @Test
  void refusesAStatementWhoseValuesDoNotFit() {
    assertThatThrownBy(() -> new Sql("STOP SLAVE ?", List.of()))
        .hasMessage("0 values for the 1 question marks of: STOP SLAVE ?");
  }

  @Test
  void neverShowsASecret() {
    assertThat("%s %s".formatted(SOURCE, SOURCE.password())).doesNotContain("s3cr");
    assertThat(SOURCE.password().redactedFrom("near 's3cr'et'")).isEqualTo("near '[secret]'");
  }

  private static List<String> texts(List<Sql> statements) {
    return statements.stream().map(Sql::text).toList();
  }
}
