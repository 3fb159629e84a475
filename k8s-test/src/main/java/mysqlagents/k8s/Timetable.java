package mysqlagents.k8s;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// The steps of a run and their times, side by side for the sets that play them.
final class Timetable {
  private static final String FAILED = "FAILED";

  private final PrintStream out;
  private final SequencedMap<String, Map<String, String>> rows = new LinkedHashMap<>();
  private final SequencedSet<String> sets = new LinkedHashSet<>();

  Timetable(PrintStream out) {
    this.out = out;
  }

  /// What a step does, failing if the cluster does not show what it should.
  @FunctionalInterface
  interface Step {
    void play() throws IOException;
  }

  /// Plays one step and notes its time in the column `set`, or that it failed.
  void step(String set, String title, Step step) throws IOException {
    out.printf("%n%s: %s%n", set, title);
    note(set, title, FAILED);
    long begin = System.nanoTime();
    step.play();
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    note(set, title, seconds(took));
    out.printf("   ok, %s%n", seconds(took));
  }

  private void note(String set, String title, String cell) {
    sets.add(set);
    rows.computeIfAbsent(title, _ -> new LinkedHashMap<>()).put(set, cell);
  }

  /// What the cluster shows.
  void show(String text) {
    text.lines().forEach(line -> out.println(("   " + line).stripTrailing()));
  }

  String table() {
    int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
    StringBuilder table = new StringBuilder(" ".repeat(width));
    sets.forEach(set -> table.append("%12s".formatted(set)));
    rows.forEach((title, cells) -> {
      table.append("\n").append(title).append(" ".repeat(width - title.length()));
      sets.forEach(set -> table.append("%12s".formatted(cells.getOrDefault(set, ""))));
    });
    return table.append('\n').toString();
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3);
  }
}
