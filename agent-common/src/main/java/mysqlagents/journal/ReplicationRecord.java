package mysqlagents.journal;

import java.util.Objects;
import mysqlagents.backup.ReplicationCoordinates;
import org.jspecify.annotations.Nullable;

/// How far the set-up of replication has come.
///
/// @param cloneId the manifest's, or null for data that was adopted
/// @param step what has certainly happened
/// @param coordinates where replication begins; kept for good, so that it can always be told what
///   was used; null only for data whose server was already replicating when it was adopted
/// @param positioning how `coordinates` are used
/// @param updatedAt ISO-8601 instant in UTC
public record ReplicationRecord(
    @Nullable String cloneId,
    Step step,
    @Nullable ReplicationCoordinates coordinates,
    Positioning positioning,
    String updatedAt) {
  public ReplicationRecord {
    Objects.requireNonNull(step, "step is missing");
    Objects.requireNonNull(positioning, "positioning is missing");
  }

  /// The steps of law 3, each recorded before the next begins.
  public enum Step {
    /// The coordinates are on disk here; the server has not been told, or may have been told in
    /// part. Repeating is safe, for replication has not been started.
    PLANNED,
    /// The server holds the coordinates durably. They are not given to it again once it has been
    /// started.
    CONFIGURED,
    /// START was about to be sent, or was sent: from here on the server's own position counts,
    /// never these coordinates. Whether the server has taken it is not known, so whoever finds
    /// replication stopped sends it again.
    STARTING,
    /// The server has taken START. What stands without an error after that, a person has stopped,
    /// or mysqld has begun another life.
    STARTED,
    /// As [#STARTED], and moreover the agent was about to stop replication, to change how it logs
    /// in, and to start it again. Whoever finds this repeats all three; nobody else would start
    /// what looks stopped by hand.
    RECONNECTING,
    /// mysqld had replicated by itself before the set-up came to START, how far cannot be told. The
    /// coordinates are void, and only a new clone helps.
    SPOILED
  }

  /// How a replica finds its place in the primary's history.
  public enum Positioning {
    BINLOG,
    GTID
  }
}
