package mysqlagents.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackupToolTest {
  @ParameterizedTest
  @EnumSource(BackupTool.class)
  void namesTheDefaultsFileFirstAndLeavesTheReplicaRunning(BackupTool tool) {
    assertThat(tool.backupCommand("/opt/tool", Path.of("/s/my.cnf"), Path.of("/s/scratch"), 4))
        .startsWith("/opt/tool", "--defaults-file=/s/my.cnf")
        .contains(
            "--backup",
            "--stream=xbstream",
            "--slave-info",
            "--parallel=4",
            "--target-dir=/s/scratch")
        .noneMatch(argument -> argument.contains("safe-slave") || argument.contains("password"));
  }

  /// XtraBackup 2.4, 8.0, 8.4 and 9.x and mariadb-backup all take these; what one of them lacks, or
  /// has on by default, is not among them.
  @ParameterizedTest
  @EnumSource(BackupTool.class)
  void givesEveryVersionTheSameArguments(BackupTool tool) {
    assertThat(tool.backupCommand(tool.program(), Path.of("/s/my.cnf"), Path.of("/s/scratch"), 1))
        .containsExactly(
            tool.program(),
            "--defaults-file=/s/my.cnf",
            "--backup",
            "--stream=xbstream",
            "--slave-info",
            "--parallel=1",
            "--target-dir=/s/scratch");
    assertThat(tool.versionCommand("/opt/tool")).containsExactly("/opt/tool", "--version");
  }

  @ParameterizedTest
  @EnumSource(BackupTool.class)
  void preparesWithTheMemoryThatItIsGiven(BackupTool tool) {
    assertThat(tool.prepareCommand("tool", Path.of("/v/staging"), 268435456))
        .containsExactly("tool", "--prepare", "--target-dir=/v/staging", "--use-memory=268435456");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[00] 2026-11-22 07:13:40 completed OK!",
        "261122 07:19:21 completed OK!",
        "2026-11-22T07:19:21.1-00:00 0 [Note] [MY-011825] [Xtrabackup] completed OK!",
      })
  void knowsSuccessOfEachTool(String lastLine) {
    assertThat(BackupTool.saysSuccess(lastLine)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "completed OK", "completed OK! or not", "[00] ...done"})
  void takesNothingElseForSuccess(String lastLine) {
    assertThat(BackupTool.saysSuccess(lastLine)).isFalse();
  }
}
