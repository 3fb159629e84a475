package mysqlagents.lab.bench;

import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// What one clone cost.
///
/// @param stages seconds by stage, in order
/// @param peakMemory most resident memory by process, in bytes; only of the agents
record Run(SequencedMap<String, Double> stages, Map<String, Long> peakMemory) {
  /// The stage that every way has: from the request to the last byte in its file.
  static final String COPY = "copy";

  double seconds() {
    return stages.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  double copySeconds() {
    return stages.getOrDefault(COPY, 0.0);
  }

  String line() {
    return stages.entrySet().stream()
        .map(stage -> String.format(Locale.ROOT, "%s %.1f s", stage.getKey(), stage.getValue()))
        .collect(Collectors.joining(", "));
  }
}
