package mysqlagents.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import mysqlagents.mysql.ServerVersion.Flavour;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What must not happen by itself, and says so.
final class RefusalIT {
  @Test
  void anEmptyOrdinalZeroDoesNotStartOverALivingSet() throws Exception {
    try (TestSet test = new TestSet("RefusalIT-lost-primary")) {
      MiniatureStatefulSet set = test.set();
      set.scale(2, TestSet.READY_LIMIT);
      test.fill(100);
      test.assertAgreement();
      test.requireRefusalOfAnEmptyPrimary();
      assertThat(test.log(0, "agent-clone"))
          .contains("mysql-0 is empty, but mysql-1", "what to do: give mysql-0 its volume back");
      assertThat(test.holdsData(0)).isFalse();
      assertThat(test.pod(0).container("mysqld").starts()).isZero();
      assertThat(test.value(1, "SELECT COUNT(*) FROM shop.goods")).isEqualTo("100");
    }
  }

  @ParameterizedTest
  @EnumSource
  void purgedBinaryLogsAreNamedAndThePodIsNotReady(Flavour flavour) throws Exception {
    try (TestSet test = new TestSet("RefusalIT-purged", flavour)) {
      MiniatureStatefulSet set = test.set();
      set.scale(2, TestSet.READY_LIMIT);
      test.fill(100);
      test.assertAgreement();
      set.stop(1);
      test.execute(0, "INSERT INTO shop.notes VALUES ('lost to the replica')", "FLUSH BINARY LOGS");
      // Not at once: until the primary has noticed that the replica is gone, it keeps what that
      // was reading.
      test.await("the logs are purged", () -> purgeAllButOne(test) == 1);
      set.start(1);
      Pod replica = test.pod(1);
      test.await(
          "the trouble is named",
          () -> Management.get(replica, "/readyz").body().contains("purged"));
      assertThat(Management.get(replica, "/readyz").statusCode()).isEqualTo(503);
      assertThat(test.log(1, "agent-sidecar")).contains("1236");
      assertThat(test.pod(1).isReady()).isFalse();
    }
  }

  /// How many binary logs are left.
  private static int purgeAllButOne(TestSet test) throws Exception {
    List<String> names = new ArrayList<>();
    try (var connection = test.set().connect(0);
        var statement = connection.createStatement()) {
      statement.execute("FLUSH BINARY LOGS");
      try (var logs = statement.executeQuery("SHOW BINARY LOGS")) {
        while (logs.next()) {
          names.add(logs.getString(1));
        }
      }
      statement.execute("PURGE BINARY LOGS TO '%s'".formatted(names.getLast()));
      try (var logs = statement.executeQuery("SHOW BINARY LOGS")) {
        int left = 0;
        while (logs.next()) {
          left++;
        }
        return left;
      }
    }
  }

  @Test
  void aRecipientWhoseFilesCannotGrowSaysSoAndRecoversOnceTheyCan() throws Exception {
    try (TestSet test = new TestSet("RefusalIT-full")) {
      MiniatureStatefulSet set = test.set();
      set.scale(1, TestSet.READY_LIMIT);
      test.fill(20_000);
      // 8 MiB for each file, in blocks of 512 bytes; the clone has larger ones.
      set.template()
          .wrapper(1, "agent-clone", "sh", "-c", "ulimit -f 16384; exec \"$@\"", "sh")
          .variable(1, "CLONE_TIME_LIMIT_SECONDS", "1");
      assertThat(set.template().agent("agent-clone", 1).runOnce()).isNotZero();
      assertThat(test.holdsData(1)).isFalse();
      set.template().wrapper(1, "agent-clone");
      set.scale(2, TestSet.READY_LIMIT);
      assertThat(test.log(1, "agent-clone")).contains("File too large");
      test.assertAgreement();
    }
  }
}
