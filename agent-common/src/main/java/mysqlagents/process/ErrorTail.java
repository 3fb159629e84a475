package mysqlagents.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// Reads a program's standard error to its end, so that the program never blocks on a full pipe,
/// and keeps only the last lines: the backup tools write at least one line for each table.
final class ErrorTail {
  /// Enough for a tool's error with the lines that led to it, and small enough for a termination
  /// message (4096 bytes) to hold most of it.
  private static final int MOST_LINES = 20;

  /// In characters; what a longer line has beyond it is dropped.
  private static final int LONGEST_LINE = 1000;

  private final Deque<String> lines = new ArrayDeque<>();
  private final Consumer<String> listener;

  /// @param listener is given each line as it comes, without its end
  ErrorTail(Consumer<String> listener) {
    this.listener = listener;
  }

  /// Returns at the end of `errors`, which for a process is when it has ended.
  void drain(InputStream errors) {
    try (Reader characters = new InputStreamReader(errors, StandardCharsets.UTF_8)) {
      StringBuilder line = new StringBuilder();
      char[] buffer = new char[8192];
      for (int length; (length = characters.read(buffer)) >= 0; ) {
        for (int i = 0; i < length; i++) {
          if (buffer[i] == '\n') {
            keep(line);
          } else if (line.length() < LONGEST_LINE && buffer[i] != '\r') {
            line.append(buffer[i]);
          }
        }
      }
      keep(line);
    } catch (IOException _) {
      // The pipe of a killed program; what came before is kept.
    }
  }

  private void keep(StringBuilder characters) {
    if (characters.isEmpty()) {
      return;
    }
    String line = characters.toString();
    characters.setLength(0);
    synchronized (lines) {
      if (lines.size() == MOST_LINES) {
        lines.removeFirst();
      }
      lines.addLast(line);
    }
    listener.accept(line);
  }

  String text() {
    synchronized (lines) {
      return String.join("\n", lines);
    }
  }

  String lastLine() {
    synchronized (lines) {
      return lines.isEmpty() ? "" : lines.getLast();
    }
  }
}
