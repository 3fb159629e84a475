package mysqlagents.sidecar.donor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import mysqlagents.backup.BackupTool;

/// What a backup tool says on standard error, line by line: its last words without secrets, whether
/// it holds locks, whether it says that it succeeded.
final class ToolLog implements Consumer<String> {
  /// Enough to see what led to an error, and to fit a termination message (4096 bytes) with room to
  /// spare.
  private static final int MOST_LINES = 12;

  private static final int LONGEST_LINE = 300;

  /// From here on the tool keeps writers out: DDL at first, commits too towards the end. InnoDB's
  /// data has been copied by then.
  private static final List<String> LOCKED =
      List.of(
          // mariadb-backup
          "Acquired locks for BACKUP STAGE BLOCK_DDL",
          "Acquired locks for BACKUP STAGE BLOCK_COMMIT",
          // xtrabackup. Not its LOCK INSTANCE FOR BACKUP, which 8.0 and later hold from the very
          // beginning: it keeps out DDL only.
          "Executing FLUSH TABLES WITH READ LOCK",
          "Executing LOCK TABLES FOR BACKUP",
          "Executing LOCK BINLOG FOR BACKUP");

  private static final String UNLOCKED = "All tables unlocked";

  /// Lines that tell of an error, in the words of both tools and of the server's libraries.
  private static final Pattern ERROR =
      Pattern.compile("\\b(?:fatal|error|denied)\\b", Pattern.CASE_INSENSITIVE);

  /// Progress, one for each file; a table may be called `error`.
  private static final Pattern PROGRESS =
      Pattern.compile("\\b(?:Streaming|Copying|Copied|Compressing) |\\.\\.\\.done|\\[Note\\]");

  private final Deque<String> lines = new ArrayDeque<>();
  private final Deque<String> errors = new ArrayDeque<>();
  private String lastLine = "";
  private volatile boolean locked;

  @Override
  public void accept(String rawLine) {
    follow(rawLine);
    String redacted = Redaction.redact(rawLine);
    String line = redacted.substring(0, Math.min(redacted.length(), LONGEST_LINE)).strip();
    synchronized (this) {
      lastLine = rawLine;
      keep(lines, line);
      if (ERROR.matcher(line).find() && !PROGRESS.matcher(line).find()) {
        keep(errors, line);
      }
    }
  }

  private void follow(String line) {
    if (line.contains(UNLOCKED)) {
      locked = false;
    } else if (LOCKED.stream().anyMatch(line::contains)) {
      locked = true;
    }
  }

  private static void keep(Deque<String> lines, String line) {
    if (lines.size() == MOST_LINES) {
      lines.removeFirst();
    }
    lines.addLast(line);
  }

  /// Whether the tool keeps the server's writers waiting now.
  boolean isLocked() {
    return locked;
  }

  /// Whether the last line so far says that the backup succeeded.
  synchronized boolean saysSuccess() {
    return BackupTool.saysSuccess(lastLine);
  }

  /// The lines that tell of errors, or where there are none the last lines; never a secret.
  synchronized String lastWords() {
    return String.join("\n", errors.isEmpty() ? lines : errors);
  }
}
