package mysqlagents.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mysqlagents.xbstream.StreamDialect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BackupEngineTest {
  @ParameterizedTest
  @EnumSource(BackupEngine.class)
  void isKnownByItsWord(BackupEngine engine) {
    assertThat(BackupEngine.named(engine.word())).isEqualTo(engine);
  }

  @Test
  void carriesTheWordsOfTheProtocol() {
    assertThat(BackupEngine.values())
        .extracting(BackupEngine::word)
        .containsExactly("mariadb-backup", "xtrabackup", "clone-plugin");
  }

  @Test
  void saysWhatIsExpectedInsteadOfAnUnknownWord() {
    assertThatThrownBy(() -> BackupEngine.named("mysqldump"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mariadb-backup, xtrabackup or clone-plugin");
  }

  @Test
  void needsAProgramExceptForThePlugin() {
    assertThat(BackupEngine.MARIADB_BACKUP.tool()).contains(BackupTool.MARIADB_BACKUP);
    assertThat(BackupEngine.XTRABACKUP.tool()).contains(BackupTool.XTRABACKUP);
    assertThat(BackupEngine.CLONE_PLUGIN.tool()).isEmpty();
  }

  @Test
  void writesMysqlsStreamsInXtrabackupsDialect() {
    assertThat(BackupEngine.CLONE_PLUGIN.dialect()).isEqualTo(StreamDialect.PERCONA);
  }
}
