package mysqlagents.backup;

/// A program that takes and prepares physical backups.
public enum BackupTool {
  MARIADB_BACKUP("mariadb-backup"),
  XTRABACKUP("xtrabackup");

  private final String program;

  BackupTool(String program) {
    this.program = program;
  }

  /// The program's usual name, which is also its name on the wire.
  public String program() {
    return program;
  }

  /// @throws IllegalArgumentException if no tool has that name
  public static BackupTool named(String program) {
    for (BackupTool tool : values()) {
      if (tool.program.equals(program)) {
        return tool;
      }
    }
    throw new IllegalArgumentException("mariadb-backup or xtrabackup");
  }
}
