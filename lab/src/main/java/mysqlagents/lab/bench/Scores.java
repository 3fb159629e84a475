package mysqlagents.lab.bench;

import static java.lang.System.out;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import mysqlagents.files.Sizes;

/// All runs, and the table that is made of them.
final class Scores {
  private final List<Contestant> contestants;
  private final long bytes;
  private final Map<Contestant, List<Run>> runs = new LinkedHashMap<>();

  /// @param contestants the floor, the bash pipeline, the agents in the clear as those two, the
  ///   agents with TLS
  Scores(List<Contestant> contestants, long bytes) {
    this.contestants = contestants;
    this.bytes = bytes;
    contestants.forEach(contestant -> runs.put(contestant, new ArrayList<>()));
  }

  List<Contestant> contestants() {
    return contestants;
  }

  void add(Contestant contestant, Run run) {
    of(contestant).add(run);
  }

  void print(double limitToBash, double limitToFloor) {
    out.printf(
        "%n%s of data; medians of %d rounds%n%n",
        Sizes.text(bytes), of(contestants.getFirst()).size());
    out.printf("%-16s %8s %12s   %s%n", "", "total", "copy rate", "by stage");
    for (Contestant contestant : contestants) {
      out.printf(
          "%-16s %8s %12s   %s%n",
          contestant.name(),
          seconds(median(contestant, Run::seconds)),
          Sizes.text(bytes / median(contestant, Run::copySeconds)) + "/s",
          stages(contestant));
    }
    Contestant floor = contestants.getFirst();
    Contestant bash = contestants.get(1);
    Contestant agents = contestants.get(2);
    Contestant secured = contestants.getLast();
    out.println();
    judge("whole clone, agents : bash pipeline", ratio(agents, bash, Run::seconds), limitToBash);
    judge(
        "copy alone, agents : straight pipe", ratio(agents, floor, Run::copySeconds), limitToFloor);
    out.printf(
        Locale.ROOT,
        "%-42s %.2f%n",
        "whole clone, agents with TLS : bash",
        ratio(secured, bash, Run::seconds));
    out.println();
    Map<String, Long> memory = new TreeMap<>();
    for (Contestant each : List.of(agents, secured)) {
      for (Run run : of(each)) {
        run.peakMemory()
            .forEach(
                (name, peak) -> memory.merge(name + " (" + each.name() + ")", peak, Math::max));
      }
    }
    memory.forEach((name, peak) -> out.printf("%-42s %s%n", "peak: " + name, Sizes.text(peak)));
  }

  private double ratio(Contestant ours, Contestant theirs, ToDoubleFunction<Run> seconds) {
    return median(ours, seconds) / median(theirs, seconds);
  }

  private static void judge(String what, double ratio, double limit) {
    out.printf(
        Locale.ROOT,
        "%-42s %.2f  (asked: at most %.1f)%s%n",
        what,
        ratio,
        limit,
        ratio <= limit ? "" : "  MISSED");
  }

  private String stages(Contestant contestant) {
    List<String> parts = new ArrayList<>();
    for (String stage : of(contestant).getFirst().stages().keySet()) {
      parts.add(
          stage + " " + seconds(median(contestant, run -> run.stages().getOrDefault(stage, 0.0))));
    }
    return String.join(", ", parts);
  }

  private double median(Contestant contestant, ToDoubleFunction<Run> value) {
    double[] sorted = of(contestant).stream().mapToDouble(value).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private List<Run> of(Contestant contestant) {
    return runs.getOrDefault(contestant, List.of());
  }

  private static String seconds(double value) {
    return String.format(Locale.ROOT, "%.1f s", value);
  }
}
