package mysqlagents.sidecar.donor;

import java.util.Locale;

/// How a backup ended.
enum Ending {
  COMPLETED,
  /// The backup tool failed, or could not be run.
  TOOL_FAILED,
  RECIPIENT_GONE,
  /// The recipient held the connection but took nothing for too long.
  RECIPIENT_STALLED,
  /// The sidecar was stopped.
  STOPPED;

  /// As it appears in metrics: `tool-failed`.
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
