package mysqlagents.backup;

import java.util.Optional;
import mysqlagents.mysql.GtidSet;

/// `xtrabackup_binlog_info`: where the backed-up server's own binary log stood.
///
/// @param position empty where that server had GTIDs but no binary log
/// @param gtidSet the transactions that the backup holds
record BinlogInfo(Optional<BinlogPosition> position, Optional<GtidSet> gtidSet) {
  /// Reads `file TAB position [TAB gtid-set]`. The set may be empty, or go over several lines.
  ///
  /// @param file names the text in the error
  static BinlogInfo parse(String content, String file) throws MetadataException {
    // The last column takes the rest, tabs and line ends included.
    String[] columns = content.stripTrailing().split("\t", 3);
    if (columns.length < 2) {
      throw new MetadataException(
          file, "expected a binary log's name and a position with a tab between them", content);
    }
    try {
      String set = columns.length == 3 ? columns[2].strip() : "";
      return new BinlogInfo(
          position(columns[0].strip(), columns[1].strip()),
          set.isEmpty() ? Optional.empty() : Optional.of(GtidSet.parse(set)));
    } catch (IllegalArgumentException malformed) {
      throw new MetadataException(file, String.valueOf(malformed.getMessage()), content);
    }
  }

  /// xtrabackup 8 writes an empty name and position 0 for a server without a binary log.
  private static Optional<BinlogPosition> position(String name, String position) {
    return name.isEmpty() && position.equals("0")
        ? Optional.empty()
        : Optional.of(BinlogPosition.parse(name, position));
  }

  ReplicationCoordinates coordinates() {
    return new ReplicationCoordinates(
        position.orElse(null), gtidSet.map(GtidSet::text).orElse(null));
  }
}
