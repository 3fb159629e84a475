package mysqlagents.backup;

import java.util.Optional;
import mysqlagents.xbstream.StreamDialect;
import org.jspecify.annotations.Nullable;

/// A way to take a physical backup. Its word names it on the wire, in the journal and in settings.
public enum BackupEngine {
  MARIADB_BACKUP("mariadb-backup", BackupTool.MARIADB_BACKUP, StreamDialect.MARIADB),
  XTRABACKUP("xtrabackup", BackupTool.XTRABACKUP, StreamDialect.PERCONA),
  /// MySQL's own CLONE plugin: mysqld copies itself into a directory, which is then streamed. There
  /// is nothing to prepare, for a server recovers such a copy at its first start; and the copy
  /// itself knows by GTID which of the primary's transactions it holds.
  CLONE_PLUGIN("clone-plugin", null, StreamDialect.PERCONA);

  private final String word;
  private final @Nullable BackupTool tool;
  private final StreamDialect dialect;

  BackupEngine(String word, @Nullable BackupTool tool, StreamDialect dialect) {
    this.word = word;
    this.tool = tool;
    this.dialect = dialect;
  }

  public String word() {
    return word;
  }

  /// The program that takes and prepares the backup; empty where mysqld itself does.
  public Optional<BackupTool> tool() {
    return Optional.ofNullable(tool);
  }

  /// In which the stream is written.
  public StreamDialect dialect() {
    return dialect;
  }

  /// @throws IllegalArgumentException saying what is expected, if no engine has that word
  public static BackupEngine named(String word) {
    for (BackupEngine engine : values()) {
      if (engine.word.equals(word)) {
        return engine;
      }
    }
    throw new IllegalArgumentException("mariadb-backup, xtrabackup or clone-plugin");
  }
}
