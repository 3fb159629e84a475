package mysqlagents.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Without a mysqld, which is how every sidecar starts.
class SidecarProcessTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path directory;

  @Test
  void isAliveButNotReadyWithoutMysqldAndStopsInGoodOrder() throws Exception {
    try (SidecarProcess sidecar = new SidecarProcess(directory, Map.of("MYSQL_PORT", "1"))) {
      sidecar.awaitLog("does not answer");

      assertThat(sidecar.manage("/livez").statusCode()).isEqualTo(200);
      assertThat(sidecar.manage("/readyz").statusCode()).isEqualTo(503);
      assertThat(sidecar.manage("/readyz").body())
          .startsWith("not ready: replication is unknown: mysqld at 127.0.0.1:1 does not answer");
      assertThat(sidecar.manage("/metrics").body())
          .contains("mysql_agents_mysqld_up 0.0")
          .contains("mysql_agents_replication_state{state=\"unknown\"} 1.0");
      assertThat(sidecar.manage("/").body()).contains("agent-sidecar of mysql-0", "/readyz");
      assertThat(sidecar.manage("/nothing").statusCode()).isEqualTo(404);

      sidecar.process.terminate();

      assertThat(sidecar.process.waitFor(LIMIT)).isZero();
      assertThat(sidecar.log()).contains("INFO told to stop", "INFO stopped");
      assertThat(directory.resolve("tmp")).isDirectoryNotContaining("glob:**mysql-agents-*");
    }
  }

  @Test
  void namesEverySettingThatIsWrong() throws Exception {
    try (SidecarProcess sidecar =
        new SidecarProcess(
            directory,
            Map.of("POD_NAME", "mysql", "POSITIONING", "guess", "STALL_LIMIT_SECONDS", "0"))) {
      assertThat(sidecar.process.waitFor(LIMIT)).isEqualTo(78);
      assertThat(sidecar.log())
          .contains("POD_NAME is 'mysql'; expected a StatefulSet pod's name")
          .contains("POSITIONING is 'guess'; expected auto, gtid or binlog")
          .contains("STALL_LIMIT_SECONDS is '0'; expected a whole number from 1 to 3600");
    }
  }

  /// It would tell an empty ordinal 0 that this pod holds no data either.
  @Test
  void namesTheVolumeThatIsNotThere() throws Exception {
    Path missing = directory.resolve("no-such-directory");
    try (SidecarProcess sidecar =
        new SidecarProcess(directory, Map.of("VOLUME_DIRECTORY", missing.toString()))) {
      assertThat(sidecar.process.waitFor(LIMIT)).isEqualTo(78);
      assertThat(Files.readString(directory.resolve("termination-message")))
          .isEqualTo(
              "agent-sidecar: there is no directory %s\nagent-sidecar: what to do: mount the pod's data volume there, or set VOLUME_DIRECTORY to where it is mounted"
                  .formatted(missing));
    }
  }

  @Test
  void namesThePasswordFileThatCannotBeRead() throws Exception {
    Path missing = directory.resolve("no-such-file");
    try (SidecarProcess sidecar =
        new SidecarProcess(directory, Map.of("MYSQL_PASSWORD_FILE", missing.toString()))) {
      assertThat(sidecar.process.waitFor(LIMIT)).isEqualTo(66);
      assertThat(sidecar.log())
          .contains("the password file cannot be read: %s: no such file".formatted(missing))
          .contains("mount the Secret, or put MYSQL_PASSWORD_FILE right");
      assertThat(Files.readString(directory.resolve("termination-message")))
          .contains("the password file cannot be read");
    }
  }

  @Test
  void wantsRootsPasswordOnThePrimaryAndNamesEveryWayOut() throws Exception {
    Path missing = directory.resolve("no-such-file");
    Map<String, String> settings =
        Map.of("MANAGE_ACCOUNTS", "true", "ROOT_PASSWORD_FILE", missing.toString());
    try (SidecarProcess sidecar = new SidecarProcess(directory, settings)) {
      assertThat(sidecar.process.waitFor(LIMIT)).isEqualTo(66);
      assertThat(Files.readString(directory.resolve("termination-message")))
          .contains("the password file cannot be read: %s: no such file".formatted(missing))
          .contains("ROOT_PASSWORD_FILE", "ALLOW_EMPTY_ROOT_PASSWORD=true")
          .contains("MANAGE_ACCOUNTS=false");
    }
  }

  @Test
  void takesAnEmptyFileForNoPasswordOfRoot() throws Exception {
    Path empty = Files.writeString(directory.resolve("empty"), "\n");
    Map<String, String> settings =
        Map.of("MANAGE_ACCOUNTS", "true", "ROOT_PASSWORD_FILE", empty.toString());
    try (SidecarProcess sidecar = new SidecarProcess(directory, settings)) {
      assertThat(sidecar.process.waitFor(LIMIT)).isEqualTo(78);
      assertThat(sidecar.log())
          .contains("root's password in %s is empty".formatted(empty))
          .contains("ALLOW_EMPTY_ROOT_PASSWORD=true");
    }
  }

  @Test
  void neverReadsRootsPasswordOnAReplica() throws Exception {
    Map<String, String> settings =
        Map.of(
            "POD_NAME", "mysql-1",
            "MYSQL_PORT", "1",
            "MANAGE_ACCOUNTS", "true",
            "ROOT_PASSWORD_FILE", directory.resolve("no-such-file").toString());
    try (SidecarProcess sidecar = new SidecarProcess(directory, settings)) {
      sidecar.awaitLog("does not answer");
      assertThat(sidecar.manage("/livez").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void wantsAPasswordForEachAccountThatItMakes() throws Exception {
    Path empty = Files.writeString(directory.resolve("empty"), "\n");
    Map<String, String> settings =
        Map.of("MANAGE_ACCOUNTS", "true", "BACKUP_PASSWORD_FILE", empty.toString());
    try (SidecarProcess sidecar = new SidecarProcess(directory, settings)) {
      assertThat(sidecar.process.waitFor(LIMIT)).isEqualTo(78);
      assertThat(sidecar.log())
          .contains("the password of 'backup' in %s is empty".formatted(empty));
    }
  }

  @Test
  void namesThePortThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SidecarProcess sidecar =
            new SidecarProcess(
                directory, Map.of("BACKUP_PORT", Integer.toString(taken.getLocalPort())))) {
      assertThat(sidecar.process.waitFor(LIMIT)).isEqualTo(75);
      assertThat(sidecar.log())
          .contains("cannot listen on 127.0.0.1:%d: ".formatted(taken.getLocalPort()))
          .contains("what to do: end the process that has the port")
          .contains("BACKUP_PORT", "MANAGEMENT_PORT", "LISTEN_ADDRESS");
    }
  }
}
