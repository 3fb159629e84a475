package mysqlagents.wire;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a pod says of itself on `GET /status`. A waiting agent-clone answers too, with `holdsData`
/// false.
///
/// @param protocol [BackupProtocol#VERSION]
/// @param pod the pod's name
/// @param role `primary` or `replica`, by its ordinal
/// @param holdsData whether its volume has a data directory with anything in it
/// @param donating whether a backup is running
/// @param refusal why a backup would be refused now, or null if it would be given (when not
///   `donating`)
/// @param serverVersion as `SELECT VERSION()` gives it; null while the server does not answer
/// @param flavour `mysql` or `mariadb`; null like the version
/// @param backupTool `mariadb-backup`, `xtrabackup` or `clone-plugin`; null where none was found
/// @param backupToolVersion null like the tool
/// @param dataBytes size of the data directory
/// @param replication one word: `none`, `unconfigured`, `running`, `connecting`, `stopped`,
///   `broken`, `unknown`
/// @param lagSeconds how far behind the primary; null where not known
public record DonorStatus(
    int protocol,
    String pod,
    String role,
    boolean holdsData,
    boolean donating,
    @Nullable String refusal,
    @Nullable String serverVersion,
    @Nullable String flavour,
    @Nullable String backupTool,
    @Nullable String backupToolVersion,
    long dataBytes,
    String replication,
    @Nullable Long lagSeconds) {
  public DonorStatus {
    Objects.requireNonNull(pod, "pod is missing");
    Objects.requireNonNull(role, "role is missing");
    Objects.requireNonNull(replication, "replication is missing");
  }
}
