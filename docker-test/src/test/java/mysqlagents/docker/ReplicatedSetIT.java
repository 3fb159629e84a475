package mysqlagents.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import mysqlagents.tls.TlsException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A set of three pods as users run it, but for Kubernetes: clones, replication, certificates.
@ExtendWith(Progress.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReplicatedSetIT {
  @SuppressWarnings("NullAway.Init")
  private static MysqlSet set;

  @BeforeAll
  static void start() throws Exception {
    set = TestSettings.newSet(TestSettings.setImage());
    set.scale(1);
    execute(0, "CREATE DATABASE shop");
    execute(0, "CREATE TABLE shop.orders (number INT PRIMARY KEY)");
    execute(0, "INSERT INTO shop.orders VALUES (1)");
    set.scale(3);
  }

  @AfterAll
  static void close() throws Exception {
    set.close();
  }

  private static void execute(int ordinal, String sql) throws SQLException {
    try (Connection connection = set.connect(ordinal);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int orders(int ordinal) throws SQLException {
    try (Connection connection = set.connect(ordinal);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM shop.orders")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static void awaitOrders(int ordinal, int expected) {
    await().atMost(Duration.ofMinutes(1)).until(() -> orders(ordinal) == expected);
  }

  @Test
  @Order(1)
  void replicasCloneThePodBelow() throws Exception {
    assertThat(set.pod(0).log("agent-clone")).contains("mysql-0 starts empty");
    assertThat(set.pod(1).log("agent-clone")).contains("mysql-1 was cloned from mysql-0");
    assertThat(set.pod(2).log("agent-clone")).contains("mysql-2 was cloned from mysql-1");
    assertThat(orders(1)).isEqualTo(1);
    assertThat(orders(2)).isEqualTo(1);
  }

  @Test
  @Order(2)
  void aRowReachesEveryReplica() throws Exception {
    execute(0, "INSERT INTO shop.orders VALUES (2)");
    awaitOrders(1, 2);
    awaitOrders(2, 2);
  }

  @Test
  @Order(3)
  void aReplacedReplicaClonesItselfAfreshAndFollows() throws Exception {
    set.replace(2);
    assertThat(set.pod(2).log("agent-clone")).contains("mysql-2 was cloned from mysql-1");
    assertThat(orders(2)).isEqualTo(2);
    execute(0, "INSERT INTO shop.orders VALUES (3)");
    awaitOrders(2, 3);
  }

  @Test
  @Order(4)
  void aStrangerIsTurnedAway(@TempDir Path directory) throws Exception {
    Stranger stranger = Stranger.at(set.pod(1));
    Management management = new Management(set.pod(1));
    double before = management.strangers();
    assertThat(stranger.askInTheClear()).doesNotContain("HTTP/1.1");
    assertThat(stranger.askWithoutACertificate()).contains("certificate_required");
    Secrets foreign = TestSettings.secrets();
    assertThatThrownBy(() -> stranger.askWith(foreign, set.secrets(), directory.resolve("foreign")))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("it refuses this pod's certificate");
    assertThat(management.strangers()).isGreaterThanOrEqualTo(before + 3);
    assertThat(set.pod(1).log("agent-sidecar")).contains("refused a connection from");
    // It is not that nobody gets anything.
    assertThat(stranger.askWith(set.secrets(), set.secrets(), directory.resolve("own")))
        .isEqualTo(200);
  }
}
