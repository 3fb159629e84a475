package mysqlagents.k8s;

/// A line of `kubectl get pods --no-headers`.
///
/// @param ready containers that are ready, of how many: `2/2`
/// @param status `Init:0/2`, `Running`, `Terminating` …
record PodLine(String name, String ready, String status, int restarts) {
  /// Columns are parted by spaces; newer kubectls put the time of the last restart in parentheses
  /// after the number of restarts.
  static PodLine parse(String line) {
    String[] columns = line.strip().split("\\s+", 5);
    if (columns.length < 5) {
      throw new IllegalArgumentException("not a line of `kubectl get pods`: '" + line + "'");
    }
    return new PodLine(columns[0], columns[1], columns[2], Integer.parseInt(columns[3]));
  }

  boolean isReady() {
    return ready.equals("2/2") && status.equals("Running");
  }
}
