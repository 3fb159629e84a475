package mysqlagents.clone;

import java.util.Map;
import mysqlagents.files.Sizes;
import mysqlagents.journal.CloneManifest;
import mysqlagents.settings.PodName;
import org.jspecify.annotations.Nullable;

/// How agent-clone ended well; the last line on standard output, as JSON.
///
/// @param result `kept`, `empty`, `cloned` or `restored`; what follows is only there for the last
///   two
/// @param seconds by stage
record CloneResult(
    String result,
    String pod,
    @Nullable String donor,
    @Nullable String cloneId,
    @Nullable Long bytes,
    @Nullable String digest,
    @Nullable Map<String, Double> seconds) {
  static CloneResult kept(PodName pod) {
    return new CloneResult("kept", pod.toString(), null, null, null, null, null);
  }

  static CloneResult empty(PodName pod) {
    return new CloneResult("empty", pod.toString(), null, null, null, null, null);
  }

  static CloneResult cloned(PodName pod, CloneManifest manifest, Stages stages) {
    return copied("cloned", pod, manifest, stages);
  }

  /// From a file.
  static CloneResult restored(PodName pod, CloneManifest manifest, Stages stages) {
    return copied("restored", pod, manifest, stages);
  }

  private static CloneResult copied(
      String result, PodName pod, CloneManifest manifest, Stages stages) {
    return new CloneResult(
        result,
        pod.toString(),
        manifest.donor(),
        manifest.cloneId(),
        manifest.bytes(),
        manifest.digest(),
        stages.seconds());
  }

  /// For the log and the termination message.
  String sentence() {
    if (donor == null || bytes == null || seconds == null) {
      return result.equals("kept")
          ? "%s keeps the data that its volume holds".formatted(pod)
          : "%s starts empty".formatted(pod);
    }
    double total = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    return "%s was %s from %s: %s in %s"
        .formatted(
            pod,
            result,
            result.equals("restored") ? "a backup of " + donor : donor,
            Sizes.text(bytes),
            Progress.time(Math.round(total)));
  }
}
