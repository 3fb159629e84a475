package mysqlagents.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import mysqlagents.mysql.ServerVersion.Flavour;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Clones from the primary and from a replica, of a set that is written to meanwhile.
final class CloneIT {
  @ParameterizedTest
  @CsvSource({"MARIADB, gtid", "MARIADB, binlog", "MYSQL, gtid"})
  void clonesUnderWriteLoadAndDdlAgreeWithThePrimary(Flavour flavour, String positioning)
      throws Exception {
    try (TestSet test = new TestSet("CloneIT-" + positioning, flavour)) {
      test.set().template().variable("POSITIONING", positioning);
      test.set().scale(1, TestSet.READY_LIMIT);
      test.fill(20_000);
      WriteLoad load = WriteLoad.start(test, true);
      test.set().scale(3, TestSet.READY_LIMIT);
      assertThat(load.stop()).isGreaterThan(20);
      assertThat(test.manifest(1)).contains("\"donor\": \"mysql-0\"");
      assertThat(test.manifest(2)).contains("\"donor\": \"mysql-1\"");
      assertThat(test.journal(2)).contains("STARTED", positioning.toUpperCase(Locale.ROOT));
      test.assertAgreement();
      assertThat(test.value(2, "SELECT @@read_only")).isEqualTo("1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSetThatStartsInParallelComesUp(Flavour flavour) throws Exception {
    try (TestSet test = new TestSet("CloneIT-parallel", flavour)) {
      test.set().scaleInParallel(3, TestSet.READY_LIMIT);
      test.fill(100);
      test.assertAgreement();
    }
  }

  /// TLS takes new keys after 128 GiB, for which the recipient writes while it reads. Here it is
  /// after 1 MiB.
  @Test
  void aStreamThatOutlivesItsKeysIsWhole() throws Exception {
    try (TestSet test = new TestSet("CloneIT-keys")) {
      Path limits =
          Files.writeString(
              test.set().logs().resolve("security.properties"),
              "jdk.tls.keyLimits=AES/GCM/NoPadding KeyUpdate 2^20\n");
      test.set()
          .template()
          .variable(1, "JAVA_TOOL_OPTIONS", "-Djava.security.properties=" + limits)
          // One attempt, and the end: a second one would hide what became of the first.
          .variable(1, "CLONE_TIME_LIMIT_SECONDS", "1");
      test.set().scale(1, TestSet.READY_LIMIT);
      test.fill(60_000);
      assertThat(test.set().template().agent("agent-clone", 1).runOnce()).isZero();
      assertThat(test.holdsData(1)).isTrue();
    }
  }

  @Test
  void aKeptVolumeCatchesUpWithoutAClone() throws Exception {
    try (TestSet test = new TestSet("CloneIT-kept")) {
      test.set().scale(2, TestSet.READY_LIMIT);
      test.fill(100);
      test.assertAgreement();
      String manifest = test.manifest(1);
      test.set().scale(1, TestSet.READY_LIMIT);
      test.execute(0, "INSERT INTO shop.notes VALUES ('while away')");
      test.set().scale(2, TestSet.READY_LIMIT);
      assertThat(test.manifest(1)).isEqualTo(manifest);
      test.assertAgreement();
    }
  }

  @ParameterizedTest
  @EnumSource
  void serversThatRestartUnderThePodsGoOnReplicating(Flavour flavour) throws Exception {
    try (TestSet test = new TestSet("CloneIT-restarts", flavour)) {
      test.set().scale(2, TestSet.READY_LIMIT);
      test.fill(100);
      // Not while Aria and MyISAM are being written to: after a crash their rows come twice.
      test.assertAgreement();
      test.pod(1).container("mysqld").kill();
      test.execute(0, "INSERT INTO shop.notes VALUES ('while the replica was down')");
      test.set().awaitReady(1, TestSet.READY_LIMIT);
      test.assertAgreement();
      test.pod(0).container("mysqld").kill();
      test.set().awaitReady(0, TestSet.READY_LIMIT);
      test.set().awaitReady(1, TestSet.READY_LIMIT);
      test.assertAgreement();
    }
  }
}
