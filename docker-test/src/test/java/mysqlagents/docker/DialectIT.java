package mysqlagents.docker;

import static mysqlagents.docker.DialectSet.BY_GTID;
import static mysqlagents.docker.DialectSet.BY_POSITION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mysqlagents.mysql.AccountDialect;
import mysqlagents.mysql.AccountName;
import mysqlagents.mysql.Duty;
import mysqlagents.mysql.Grants;
import mysqlagents.mysql.Right;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// agent-sidecar, as it is in the image, beside one real server after the other. What is asserted
/// is what a user sees: probes, metrics, log lines and the server's own status.
///
/// The tests of one server go on with one set, in an order; each leaves both replicas running.
@ExtendWith(Progress.class)
@ParameterizedClass(name = "{0}")
@MethodSource("mysqlagents.docker.TestSettings#serverImages")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DialectIT {
  private static final int[] REPLICAS = {BY_POSITION, BY_GTID};

  /// As long as MySQL's replicas take it.
  private static final String NEW_PASSWORD = "0123456789abcdefghijklmnopqrstuv";

  @SuppressWarnings("NullAway.Init")
  private static DialectSet set;

  /// For the tests' names.
  @Parameter
  @SuppressWarnings("NullAway.Init")
  String image;

  @BeforeParameterizedClassInvocation
  static void start(String image) throws Exception {
    set = DialectSet.of(image);
    set.start();
  }

  @AfterParameterizedClassInvocation
  static void close() throws Exception {
    // It is called as well where there is none.
    if (set != null) {
      set.close();
    }
  }

  @Test
  @Order(1)
  void accountsHaveTheLeastRights() throws Exception {
    if (set.accounts().areManaged()) {
      for (Duty duty : Duty.values()) {
        AccountName account = Accounts.name(duty);
        assertThat(set.log(0)).contains("account %s: made it".formatted(account));
        assertThat(rights(account)).isEqualTo(AccountDialect.of(set.version()).rights(duty));
      }
    }
    as("agent", set.words().showStatus());
    for (String forbidden : List.of("SELECT 1 FROM mysql.user", "CREATE DATABASE theirs")) {
      for (String user : List.of("agent", "backup")) {
        assertThatThrownBy(() -> as(user, forbidden)).hasMessageContaining("denied");
      }
    }
  }

  private static Set<Right> rights(AccountName account) throws SQLException {
    return Grants.parse(
        set.database(0).rows("SHOW GRANTS FOR " + account).stream()
            .map(row -> String.valueOf(row.values().iterator().next()))
            .toList());
  }

  /// What the server's own client prints in the primary's pod.
  private static String as(String user, String statement) {
    return set.pod(0)
        .execute(
            Pod.MYSQLD,
            "sh",
            "-c",
            "MYSQL_PWD=$(cat /etc/mysql-agents/passwords/$1)"
                + " $(command -v mysql || command -v mariadb) -h 127.0.0.1 -u \"$1\" -e \"$2\"",
            "sh",
            user,
            statement);
  }

  @Test
  @Order(2)
  void aServerThatIsNotSupportedIsNamed() {
    for (int ordinal : new int[] {0, BY_POSITION, BY_GTID}) {
      assertThat(set.warnings(ordinal)).isEqualTo(set.isSupported() ? 0 : 1);
    }
    if (!set.accounts().areManaged()) {
      assertThat(set.log(0))
          .contains("the accounts of a %s are not managed".formatted(set.version()))
          .contains("MANAGE_ACCOUNTS=false");
    }
  }

  @Test
  @Order(3)
  void replicasFollowAsTheyAreTold() throws Exception {
    set.write();
    for (int replica : REPLICAS) {
      set.awaitRows(replica);
      set.awaitReadyz(replica, "200 ready: replication runs, 0 s behind");
      assertThat(set.management(replica).state()).isEqualTo("running");
      assertThat(set.management(replica).restarts()).isZero();
      Map<String, @Nullable String> status = set.status(replica);
      assertThat(status)
          .containsEntry(set.words().replicaColumn("IO_Running"), "Yes")
          .containsEntry(set.words().replicaColumn("SQL_Running"), "Yes")
          .containsEntry(set.words().sourceColumn("Host"), "mysql-0.mysql")
          .containsEntry(set.words().sourceColumn("User"), "replication")
          .containsEntry(set.words().sourceColumn("SSL_Allowed"), set.speaksTls() ? "Yes" : "No")
          .containsEntry("Last_IO_Errno", "0");
      assertThat(set.words().isByGtid(status)).isEqualTo(replica == BY_GTID);
      assertThat(set.log(replica))
          .contains(
              "replication from mysql-0.mysql:3306 is set up by "
                  + (replica == BY_GTID ? "GTID" : "BINLOG"));
    }
  }

  @Test
  @Order(4)
  void aBrokenConnectionIsNamedAndHeals() throws Exception {
    boolean givesUp = set.giveUpAfter(1, BY_GTID);
    set.giveUpAfter(1_000, BY_POSITION);
    int warnings = set.warnings(0);
    set.pod(0).stop(Pod.MYSQLD);
    for (int replica : REPLICAS) {
      set.awaitReadyz(replica, "503 not ready: replication waits for the primary: ");
      assertThat(set.management(replica).state()).isEqualTo("connecting");
      assertThat(set.management(replica).lag()).isGreaterThan(DialectSet.LAG_LIMIT_SECONDS);
      set.awaitIoError(replica);
    }
    if (givesUp) {
      set.awaitStatus(BY_GTID, set.words().replicaColumn("IO_Running"), "No");
    }
    set.pod(0).startServer();
    set.write();
    for (int replica : REPLICAS) {
      set.awaitRows(replica);
      set.awaitReadyz(replica, "200 ready: replication runs");
    }
    assertThat(set.management(BY_POSITION).restarts()).isZero();
    if (givesUp) {
      assertThat(set.management(BY_GTID).restarts()).isPositive();
    }
    // Once for each start of mysqld, which replicas may have noticed first.
    set.awaitWarnings(0, set.isSupported() ? 0 : warnings + 1);
  }

  @Test
  @Order(5)
  void aBrokenChannelIsNamedAndLeftAlone() throws Exception {
    for (int replica : REPLICAS) {
      set.executeOnReplica(
          replica, "INSERT INTO %s VALUES (%d)".formatted(set.table(), set.nextRow()));
    }
    set.write();
    for (int replica : REPLICAS) {
      double restarts = set.management(replica).restarts();
      set.awaitReadyz(replica, "503 not ready: replication is broken (error 1062): ");
      set.staysIn(replica, "broken");
      assertThat(set.management(replica).restarts()).isEqualTo(restarts);
      assertThat(set.status(replica)).containsEntry("Last_SQL_Errno", "1062");
      assertThat(set.management(replica).readyz())
          .contains("Mend the rows and START SLAVE (or START REPLICA)");
      set.executeOnReplica(
          replica,
          "DELETE FROM %s WHERE number = %d".formatted(set.table(), set.nextRow() - 1),
          "START " + set.words().replica());
      set.awaitRows(replica);
      set.awaitReadyz(replica, "200 ready: replication runs");
    }
  }

  @Test
  @Order(6)
  void aRotatedPasswordReachesTheChannels() throws Exception {
    if (set.accounts().areOfShortPasswords()) {
      set.changePassword(0, "replication", NEW_PASSWORD + "w");
      set.awaitLog(0, "has 33 bytes, and the server takes no more than 32");
    }
    set.changePasswordOfReplication(NEW_PASSWORD);
    for (int replica : REPLICAS) {
      set.changePassword(replica, "replication", NEW_PASSWORD);
      set.awaitReadyz(replica, "200 ready: replication runs");
    }
    // Every replica, and whoever reads the log, would have them.
    assertThat(set.binaryLog()).contains("replication").doesNotContain(set.passwords());
    set.cutReplicasOff();
    for (int replica : REPLICAS) {
      set.awaitLog(
          replica,
          "replication was given its login at mysql-0.mysql:3306 anew: mysql-0.mysql:3306 refused the"
              + " old one");
    }
    set.write();
    for (int replica : REPLICAS) {
      set.awaitRows(replica);
      set.awaitReadyz(replica, "200 ready: replication runs");
    }
  }

  /// Asked for a file that is not there, the primary cannot tell what became of it; GTIDs tell it.
  private static String purgedRemedy(int replica) {
    String clone = "clone this replica again: delete its volume claim and then the pod";
    return replica == BY_GTID
        ? clone + " (the primary has purged binary logs that it still needed)"
        : "the primary has purged, or has lost, binary logs that this replica still needed; if it was"
            + " put back to an earlier state, save what only this replica has; then "
            + clone;
  }

  @Test
  @Order(7)
  void purgedBinaryLogsAreNamedAndACloneAfreshHeals() throws Exception {
    for (int replica : REPLICAS) {
      set.pod(replica).stop(Pod.MYSQLD);
    }
    set.write();
    set.purgeBinaryLogs();
    for (int replica : REPLICAS) {
      set.pod(replica).startServer();
    }
    for (int replica : REPLICAS) {
      set.awaitReadyz(
          replica,
          "503 not ready: replication is broken (error %d): ".formatted(set.words().purgedError()));
      assertThat(set.management(replica).readyz()).endsWith("what to do: " + purgedRemedy(replica));
      set.staysIn(replica, "broken");
    }
    set.joinAfresh(REPLICAS);
    set.write();
    for (int replica : REPLICAS) {
      set.awaitRows(replica);
    }
  }
}
