package mysqlagents.sidecar.donor;

import java.io.IOException;
import mysqlagents.backup.BackupEngine;
import mysqlagents.backup.BackupTool;
import mysqlagents.mysql.ServerVersion;

/// A backup tool that copies the server's files while the server runs.
///
/// @param options how the tool reaches mysqld
/// @param parallel how many files the tool copies at a time
public record ToolEngine(InstalledTool tool, ScratchHome home, ClientOptions options, int parallel)
    implements Engine {
  @Override
  public BackupEngine kind() {
    return kind(tool.version().tool());
  }

  private static BackupEngine kind(BackupTool tool) {
    return switch (tool) {
      case MARIADB_BACKUP -> BackupEngine.MARIADB_BACKUP;
      case XTRABACKUP -> BackupEngine.XTRABACKUP;
    };
  }

  @Override
  public boolean fits(ServerVersion server) {
    return tool.version().fits(server);
  }

  @Override
  public String version(String serverVersion) {
    return tool.version().text();
  }

  @Override
  public ToolRun begin(String backupId) throws BackupFailedException, IOException {
    Scratch scratch = home.create(backupId, options.read());
    try {
      return ToolRun.start(tool, scratch, parallel);
    } catch (BackupFailedException | RuntimeException failure) {
      scratch.close();
      throw failure;
    }
  }

  @Override
  public String remedy() {
    return "look at the temporary directory and the password file of its agent-sidecar container";
  }
}
