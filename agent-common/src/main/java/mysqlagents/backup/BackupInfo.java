package mysqlagents.backup;

import java.util.HashMap;
import java.util.Map;

/// `xtrabackup_info`: which tool made a backup, of which server. Positions are read from
/// [BinlogInfo] only.
///
/// @param uuid the tool's own name for the backup
/// @param toolName `mariadb-backup` or `xtrabackup`
public record BackupInfo(String uuid, String toolName, String toolVersion, String serverVersion) {
  /// @param file names the text in the error
  static BackupInfo parse(String content, String file) throws MetadataException {
    Map<String, String> values = new HashMap<>();
    for (String line : content.lines().toList()) {
      int equals = line.indexOf(" =");
      // A line without one goes on with a value of several lines, which is none of ours.
      if (equals > 0) {
        values.putIfAbsent(line.substring(0, equals).strip(), line.substring(equals + 2).strip());
      }
    }
    for (String key : new String[] {"uuid", "tool_name", "tool_version", "server_version"}) {
      if (values.getOrDefault(key, "").isEmpty()) {
        throw new MetadataException(file, key + " is missing", content);
      }
    }
    return new BackupInfo(
        values.getOrDefault("uuid", ""),
        values.getOrDefault("tool_name", ""),
        values.getOrDefault("tool_version", ""),
        values.getOrDefault("server_version", ""));
  }
}
