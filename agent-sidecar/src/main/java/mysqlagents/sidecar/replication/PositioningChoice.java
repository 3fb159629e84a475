package mysqlagents.sidecar.replication;

import java.util.Locale;
import mysqlagents.backup.ReplicationCoordinates;
import mysqlagents.journal.ReplicationRecord.Positioning;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;

/// The setting `POSITIONING`: how a new replica is to find its place in the primary's history.
public enum PositioningChoice {
  /// By GTID where the coordinates have a set and the server can, else by file and position.
  AUTO,
  GTID,
  BINLOG;

  /// @throws IllegalArgumentException saying what is expected
  public static PositioningChoice parse(String text) {
    for (PositioningChoice choice : values()) {
      if (choice.name().toLowerCase(Locale.ROOT).equals(text)) {
        return choice;
      }
    }
    throw new IllegalArgumentException("auto, gtid or binlog");
  }

  /// @param gtidUsable whether the server as configured can follow by GTID
  /// @throws AgentFailure if the coordinates or the server do not allow what was chosen
  Positioning apply(ReplicationCoordinates coordinates, boolean gtidUsable) throws AgentFailure {
    boolean gtid = coordinates.gtidSet() != null && gtidUsable;
    boolean binlog = coordinates.binlog() != null;
    if (gtid && this != BINLOG) {
      return Positioning.GTID;
    }
    if (binlog && this != GTID) {
      return Positioning.BINLOG;
    }
    throw new AgentFailure(
        ExitCode.REFUSED,
        "POSITIONING=%s does not go with the clone's coordinates (%s)%s"
            .formatted(
                name().toLowerCase(Locale.ROOT),
                coordinates,
                gtidUsable ? "" : " and a server without gtid_mode=ON"),
        gtidUsable
            ? "set POSITIONING=auto, or clone again from a donor that has what is asked for"
            : "set gtid_mode=ON as on the primary, or POSITIONING=auto");
  }
}
