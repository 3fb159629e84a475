package mysqlagents.mysql;

/// What one of the agents' own accounts is for.
public enum Duty {
  /// The sidecar's own work on its pod's server: to set up replication, and to watch it.
  AGENT,
  /// The backup tool's log-in.
  BACKUP,
  /// What replicas log in to the primary with.
  REPLICATION
}
