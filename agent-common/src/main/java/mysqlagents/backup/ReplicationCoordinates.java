package mysqlagents.backup;

import mysqlagents.mysql.GtidSet;
import org.jspecify.annotations.Nullable;

/// Where a clone has to go on in its **primary's** history. A backup may tell one of the two ways,
/// or both.
///
/// @param binlog file and position in the primary's binary log
/// @param gtidSet the transactions that the clone holds, as its flavour writes them (`uuid:1-6` or
///   `0-1-23`); checked, and without white space
public record ReplicationCoordinates(@Nullable BinlogPosition binlog, @Nullable String gtidSet) {
  public ReplicationCoordinates {
    gtidSet = gtidSet == null || gtidSet.isBlank() ? null : GtidSet.parse(gtidSet).text();
    if (binlog == null && gtidSet == null) {
      throw new IllegalArgumentException("neither a binary log position nor a GTID set");
    }
  }

  @Override
  public String toString() {
    if (gtidSet == null) {
      return String.valueOf(binlog);
    }
    return binlog == null ? "GTID " + gtidSet : "%s, GTID %s".formatted(binlog, gtidSet);
  }
}
