package mysqlagents.journal;

import java.util.Objects;
import mysqlagents.backup.ReplicationCoordinates;
import org.jspecify.annotations.Nullable;

/// What agent-clone leaves for whoever asks later where this data came from, and for the sidecar to
/// set up replication.
///
/// @param cloneId the donor's backup id
/// @param donor the donor's pod name
/// @param donorServerVersion as the receipt has it
/// @param tool `mariadb-backup`, `xtrabackup` or `clone-plugin`
/// @param startedAt ISO-8601 instants in UTC
/// @param bytes of stream, before the receipt
/// @param digest of the same bytes
/// @param coordinates where replication goes on; null where the donor writes no binary log
public record CloneManifest(
    String cloneId,
    String donor,
    String donorServerVersion,
    String tool,
    String toolVersion,
    String startedAt,
    String finishedAt,
    long bytes,
    String digest,
    @Nullable ReplicationCoordinates coordinates) {
  public CloneManifest {
    Objects.requireNonNull(cloneId, "cloneId is missing");
    Objects.requireNonNull(donor, "donor is missing");
    Objects.requireNonNull(tool, "tool is missing");
  }
}
