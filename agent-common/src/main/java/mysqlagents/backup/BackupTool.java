package mysqlagents.backup;

import java.nio.file.Path;
import java.util.List;

/// A program that takes and prepares physical backups, and its command lines. No secret is ever on
/// one: they are readable by every user of the machine.
public enum BackupTool {
  MARIADB_BACKUP("mariadb-backup"),
  XTRABACKUP("xtrabackup");

  /// The last words of a run that ended well, of both tools and in all versions. Exit status 0
  /// alone is not enough to believe it.
  private static final String SUCCESS = "completed OK!";

  private final String program;

  BackupTool(String program) {
    this.program = program;
  }

  /// The program's usual name.
  public String program() {
    return program;
  }

  /// Whether `lastLine`, the last that the tool wrote to standard error, says that it succeeded.
  public static boolean saysSuccess(String lastLine) {
    return lastLine.stripTrailing().endsWith(SUCCESS);
  }

  /// Takes a backup and streams it to standard output.
  ///
  /// @param program the program's name or path on this machine
  /// @param defaultsFile has the server's address and the credentials, and keeps the tool from
  ///   reading any other option file
  /// @param scratch for the tool's own small files; nothing of the backup is stored there
  /// @param parallel how many files are copied at a time
  public List<String> backupCommand(String program, Path defaultsFile, Path scratch, int parallel) {
    // Deliberately without --safe-slave-backup: a tool that dies leaves the SQL thread stopped.
    return List.of(
        program,
        "--defaults-file=" + defaultsFile, // has to come first
        "--backup",
        "--stream=xbstream",
        "--slave-info",
        "--parallel=" + parallel,
        "--target-dir=" + scratch);
  }

  /// Makes an unpacked backup into a data directory. Settings of the server that it was taken from
  /// are read from the `backup-my.cnf` in it.
  ///
  /// @param memoryBytes for InnoDB's recovery
  public List<String> prepareCommand(String program, Path backup, long memoryBytes) {
    return List.of(program, "--prepare", "--target-dir=" + backup, "--use-memory=" + memoryBytes);
  }

  /// Prints the version, which [ToolVersion] reads.
  public List<String> versionCommand(String program) {
    return List.of(program, "--version");
  }
}
