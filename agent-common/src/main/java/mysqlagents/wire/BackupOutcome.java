package mysqlagents.wire;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How a backup stands, on `GET /backups/{id}`. A donor remembers its last few.
///
/// @param state `running`, `completed` or `failed`
/// @param problem null unless failed; holds the tool's own last words
public record BackupOutcome(String id, String state, long bytes, @Nullable Problem problem) {
  public BackupOutcome {
    Objects.requireNonNull(id, "id is missing");
    Objects.requireNonNull(state, "state is missing");
  }
}
