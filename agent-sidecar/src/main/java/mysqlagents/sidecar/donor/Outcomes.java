package mysqlagents.sidecar.donor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import mysqlagents.wire.BackupOutcome;

/// How the last few backups stand or ended, for recipients that ask after their stream was cut.
final class Outcomes {
  private static final int REMEMBERED = 8;

  private final Map<String, BackupOutcome> outcomes = new LinkedHashMap<>();

  synchronized void put(BackupOutcome outcome) {
    outcomes.put(outcome.id(), outcome);
    if (outcomes.size() > REMEMBERED) {
      outcomes.remove(outcomes.keySet().iterator().next());
    }
  }

  synchronized Optional<BackupOutcome> find(String id) {
    return Optional.ofNullable(outcomes.get(id));
  }
}
