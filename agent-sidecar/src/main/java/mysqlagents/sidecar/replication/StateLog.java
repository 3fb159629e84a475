package mysqlagents.sidecar.replication;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import mysqlagents.sidecar.replication.ReplicationState.Broken;
import mysqlagents.sidecar.replication.ReplicationState.Connecting;
import mysqlagents.sidecar.replication.ReplicationState.Primary;
import mysqlagents.sidecar.replication.ReplicationState.Running;
import mysqlagents.sidecar.replication.ReplicationState.Stopped;
import mysqlagents.sidecar.replication.ReplicationState.Unconfigured;
import mysqlagents.sidecar.replication.ReplicationState.Unknown;

/// Logs each change of state once, as one line.
final class StateLog {
  private static final System.Logger LOG = System.getLogger(StateLog.class.getName());

  private String last = "";

  /// @param errorNumber of the error that is in the way; 0 for none
  void note(ReplicationState state, int errorNumber) {
    String key = key(state, errorNumber);
    if (!key.equals(last)) {
      last = key;
      LOG.log(level(state, errorNumber), state::describe);
    }
  }

  /// States with the same key are not worth two lines: figures and wordings that change from one
  /// look to the next are left out.
  private static String key(ReplicationState state, int errorNumber) {
    return switch (state) {
      case Unconfigured(String problem, String _) -> "unconfigured " + problem;
      case Stopped(String problem, String _) -> "stopped " + problem;
      case Unknown _, Primary _, Running _, Connecting _, Broken _ -> state.word() + errorNumber;
    };
  }

  private static System.Logger.Level level(ReplicationState state, int errorNumber) {
    return switch (state) {
      case Unknown _, Primary _, Running _ -> INFO;
      // Just started, and on its way.
      case Connecting connecting when errorNumber == 0 && connecting.staleness().isEmpty() -> INFO;
      case Connecting _, Stopped _ -> WARNING;
      case Unconfigured _, Broken _ -> ERROR;
    };
  }
}
