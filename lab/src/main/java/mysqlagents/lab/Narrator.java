package mysqlagents.lab;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// Tells what happens, for a person who reads along.
final class Narrator {
  private static final String INDENT = "   ";

  private final PrintStream out;
  private final long startedAt = System.nanoTime();
  private int steps;

  Narrator(PrintStream out) {
    this.out = out;
  }

  /// A numbered heading, with the time since the start.
  synchronized void step(String title) {
    steps++;
    out.printf("%n%d. %s  [%s]%n", steps, title, seconds(System.nanoTime() - startedAt));
  }

  /// What a user would type.
  synchronized void command(String command) {
    out.println(INDENT + "$ " + command);
  }

  synchronized void say(String text) {
    text.lines().forEach(line -> out.println((INDENT + line).stripTrailing()));
  }

  /// What a container says.
  synchronized void event(String pod, String container, String text) {
    out.printf("%s%-8s %-12s %s%n", INDENT, pod, container, text);
  }

  synchronized void statement(String sql) {
    out.println(INDENT + "mysql> " + sql + ";");
  }

  /// A result as the `mysql` client draws it.
  synchronized void table(List<String> columns, List<List<String>> rows) {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          Math.max(
              columns.get(i).length(),
              rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
    }
    StringBuilder border = new StringBuilder(INDENT + "+");
    for (int width : widths) {
      border.append("-".repeat(width + 2)).append("+");
    }
    out.println(border);
    row(columns, widths);
    out.println(border);
    rows.forEach(row -> row(row, widths));
    out.println(border);
  }

  static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }

  static String seconds(Duration duration) {
    return seconds(duration.toNanos());
  }

  private void row(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder(INDENT + "|");
    for (int i = 0; i < widths.length; i++) {
      line.append(' ')
          .append(cells.get(i))
          .append(" ".repeat(widths[i] - cells.get(i).length()))
          .append(" |");
    }
    out.println(line);
  }
}
