package mysqlagents.backup;

import mysqlagents.settings.Env;

/// The backup tools' programs on this machine, by name or path.
public record ToolPrograms(String mariadbBackup, String xtrabackup) {
  public static ToolPrograms from(Env env) {
    return new ToolPrograms(
        env.string("MARIADB_BACKUP_PROGRAM", BackupTool.MARIADB_BACKUP.program()),
        env.string("XTRABACKUP_PROGRAM", BackupTool.XTRABACKUP.program()));
  }

  public String of(BackupTool tool) {
    return switch (tool) {
      case MARIADB_BACKUP -> mariadbBackup;
      case XTRABACKUP -> xtrabackup;
    };
  }
}
