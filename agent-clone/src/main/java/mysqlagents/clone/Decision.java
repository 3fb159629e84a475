package mysqlagents.clone;

import java.util.List;
import java.util.stream.IntStream;
import mysqlagents.settings.PodName;

/// Where a pod's data comes from.
sealed interface Decision {
  /// The volume holds data: it stays as it is.
  record KeepData() implements Decision {}

  /// mysqld will initialise an empty data directory, if no peer holds data (law 4).
  record StartEmpty() implements Decision {}

  /// A copy of another pod's data.
  ///
  /// @param donors in the order in which they are asked
  record CloneFrom(List<PodName> donors) implements Decision {}

  static Decision decide(PodName pod, boolean holdsData) {
    if (holdsData) {
      return new KeepData();
    }
    return pod.isPrimary() ? new StartEmpty() : new CloneFrom(donorsOf(pod));
  }

  /// The pod just below first, and the primary, which has the writes to serve, last.
  private static List<PodName> donorsOf(PodName pod) {
    return IntStream.rangeClosed(1, pod.ordinal())
        .mapToObj(distance -> pod.sibling(pod.ordinal() - distance))
        .toList();
  }
}
