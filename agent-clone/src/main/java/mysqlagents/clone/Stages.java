package mysqlagents.clone;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// How long each stage of a clone took.
final class Stages {
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private long last = System.nanoTime();

  /// Says that everything since the last call, or since the beginning, was `stage`.
  void ended(String stage) {
    long now = System.nanoTime();
    seconds.merge(stage, Math.round((now - last) / 1e6) / 1e3, Double::sum);
    last = now;
  }

  /// In seconds, to the millisecond, in the order in which they ended.
  Map<String, Double> seconds() {
    return seconds;
  }

  /// `receive 9.5 s, prepare 1.6 s`
  @Override
  public String toString() {
    return seconds.entrySet().stream()
        .map(stage -> "%s %s s".formatted(stage.getKey(), stage.getValue()))
        .collect(Collectors.joining(", "));
  }
}
