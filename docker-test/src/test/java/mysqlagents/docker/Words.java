package mysqlagents.docker;

import java.util.Map;
import mysqlagents.mysql.ServerVersion;
import mysqlagents.mysql.ServerVersion.Flavour;
import org.jspecify.annotations.Nullable;

/// What a person types and reads on a server. Deliberately not taken from the agents' own dialects,
/// which are what is tested.
///
/// @param replica in statements: `SLAVE` or `REPLICA`
/// @param source in statements: `MASTER` or `SOURCE`
/// @param change the statement that tells a replica about its source
/// @param purgedError what a replica says when its primary no longer has what it needs
record Words(
    String replica,
    String source,
    String change,
    String showBinaryLog,
    String gtidSet,
    int purgedError) {
  static Words of(ServerVersion version) {
    if (version.flavour() == Flavour.MARIADB) {
      return new Words(
          "SLAVE", "MASTER", "CHANGE MASTER", "SHOW MASTER STATUS", "@@gtid_binlog_pos", 1236);
    }
    boolean newWords = version.isAtLeast(8, 0, 23);
    return new Words(
        newWords ? "REPLICA" : "SLAVE",
        newWords ? "SOURCE" : "MASTER",
        newWords ? "CHANGE REPLICATION SOURCE" : "CHANGE MASTER",
        version.isAtLeast(8, 4, 0) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS",
        "@@GLOBAL.gtid_executed",
        version.isAtLeast(8, 0, 0) ? 13114 : 1236);
  }

  String showStatus() {
    return "SHOW %s STATUS".formatted(replica);
  }

  /// A column of the status: `Slave_IO_Running`.
  String replicaColumn(String suffix) {
    return (replica.equals("SLAVE") ? "Slave_" : "Replica_") + suffix;
  }

  /// A column of the status: `Source_Host`.
  String sourceColumn(String suffix) {
    return (source.equals("MASTER") ? "Master_" : "Source_") + suffix;
  }

  /// MySQL says 1 or 0, MariaDB `Slave_Pos` or `No`.
  boolean isByGtid(Map<String, @Nullable String> status) {
    return status.containsKey("Auto_Position")
        ? "1".equals(status.get("Auto_Position"))
        : "Slave_Pos".equals(status.get("Using_Gtid"));
  }
}
