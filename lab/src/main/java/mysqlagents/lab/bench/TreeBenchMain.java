package mysqlagents.lab.bench;

import static java.lang.System.out;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import mysqlagents.files.Sizes;
import mysqlagents.lab.OrderlyEnd;
import mysqlagents.main.AgentMain;
import mysqlagents.settings.Env;
import mysqlagents.testbed.TemporaryDirectory;

/// Measures how fast a directory becomes a stream, against what `cat` and `tar` make of it: where
/// it has to be read from the disk, and where it is in memory already.
public final class TreeBenchMain {
  /// What a shell reports for a program that Ctrl-C has ended.
  private static final int INTERRUPTED = 130;

  private TreeBenchMain() {}

  /// Runs the benchmark; its settings are described by `make help`.
  public static void main(String[] arguments) throws Exception {
    System.exit(
        OrderlyEnd.run(
            () -> AgentMain.run("bench-tree", TreeBenchMain::run).value(), () -> INTERRUPTED));
  }

  private static void run() throws Exception {
    BenchMain.Settings settings = Env.parse(System.getenv(), BenchMain.Settings::from);
    try (TemporaryDirectory directory = TemporaryDirectory.create("mysql-agents-bench-")) {
      out.printf("making %s of files in %s%n", Sizes.text(settings.size()), directory.path());
      BenchTree tree = BenchTree.create(directory.path(), settings.size());
      print("from the disk", measure(tree, settings.rounds(), true), settings);
      print("from the page cache", measure(tree, settings.rounds(), false), settings);
    }
  }

  /// @param cold whether nobody finds in memory what another one has read
  /// @return the median of the seconds that each took
  private static Map<TreeReader, Double> measure(BenchTree tree, int rounds, boolean cold)
      throws IOException, InterruptedException {
    List<TreeReader> order = new ArrayList<>(List.of(TreeReader.values()));
    Map<TreeReader, double[]> seconds = new EnumMap<>(TreeReader.class);
    for (int round = 0; round < rounds; round++) {
      for (TreeReader reader : order) {
        tree.prepare(cold);
        seconds.computeIfAbsent(reader, _ -> new double[rounds])[round] = reader.read(tree);
      }
      // Who comes first may find another machine than who comes last.
      Collections.rotate(order, 1);
    }
    Map<TreeReader, Double> medians = new EnumMap<>(TreeReader.class);
    seconds.forEach(
        (reader, all) -> medians.put(reader, Arrays.stream(all).sorted().toArray()[rounds / 2]));
    return medians;
  }

  private static void print(
      String from, Map<TreeReader, Double> medians, BenchMain.Settings settings) {
    out.printf("%n%s; medians of %d rounds%n", from, settings.rounds());
    medians.forEach((reader, seconds) ->
        out.printf(
            Locale.ROOT,
            "%-8s %6.2f s %14s%n",
            reader,
            seconds,
            Sizes.text(settings.size() / seconds) + "/s"));
    double ours = medians.getOrDefault(TreeReader.STREAM, 0.0);
    for (TreeReader other : List.of(TreeReader.CAT, TreeReader.TAR)) {
      double theirs = medians.getOrDefault(other, 0.0);
      out.printf(Locale.ROOT, "stream : %s %.2f%n", other, ours / theirs);
    }
  }
}
