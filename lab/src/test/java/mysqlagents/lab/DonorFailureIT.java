package mysqlagents.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import mysqlagents.mysql.ServerVersion.Flavour;
import org.junit.jupiter.api.Test;

/// A donor with a backup tool.
final class DonorFailureIT extends DonorFailureContract {
  DonorFailureIT() throws IOException {
    super(Flavour.MARIADB);
  }

  @Override
  Waiting.Condition end() {
    List<ProcessHandle> tools = tools();
    assertThat(tools).isNotEmpty();
    return () -> tools.stream().noneMatch(ProcessHandle::isAlive);
  }

  @Test
  void aKilledBackupToolIsNamedAndAnotherDonorTaken() throws Exception {
    startCloneFromPodOne();
    tools().forEach(ProcessHandle::destroyForcibly);
    assertPodTwoComesUp();
    assertThat(test.newLog(2, "agent-clone"))
        .contains("no clone from mysql-1 now: mysql-1 says: mariadb-backup", "exit status 137");
  }

  @Test
  void aFrozenBackupToolIsGivenUpAndAnotherDonorTaken() throws Exception {
    Waiting.Condition end = startCloneFromPodOne();
    for (ProcessHandle tool : tools()) {
      new ProcessBuilder("sh", "-c", "kill -s STOP " + tool.pid()).start().waitFor();
    }
    assertPodTwoComesUp();
    assertThat(test.manifest(2)).contains("\"donor\": \"mysql-0\"");
    test.await("nothing is left of the backup", end);
  }

  private List<ProcessHandle> tools() {
    return test.pod(1).container("agent-sidecar").children("mariadb-backup");
  }
}
