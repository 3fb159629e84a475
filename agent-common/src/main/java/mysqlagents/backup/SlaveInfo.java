package mysqlagents.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mysqlagents.mysql.GtidSet;
import org.jspecify.annotations.Nullable;

/// `xtrabackup_slave_info`: where the backed-up server, itself a replica, stood in its primary's
/// binary log. The file holds SQL statements; they are taken apart, and never executed.
///
/// @param channels one for each source; never empty
/// @param gtidSet the transactions that the backup holds, where a channel uses GTIDs
record SlaveInfo(List<Channel> channels, Optional<GtidSet> gtidSet) {
  private static final Pattern SET =
      Pattern.compile(
          "SET\\s+GLOBAL\\s+gtid_(?:purged|slave_pos)\\s*=\\s*'([^']*)'\\s*;?",
          Pattern.CASE_INSENSITIVE);

  /// The tools do not escape quotes in a channel's name, so the name is what lies between the outer
  /// anchors.
  private static final Pattern CHANGE =
      Pattern.compile(
          "CHANGE\\s+(?:MASTER(?:\\s+'(?<connection>.*)')?|REPLICATION\\s+SOURCE)\\s+TO\\s+"
              + "(?:(?:MASTER|SOURCE)_LOG_FILE\\s*=\\s*'(?<file>[^']*)'\\s*,"
              + "\\s*(?:MASTER|SOURCE)_LOG_POS\\s*=\\s*(?<position>[^\\s,;]+)"
              + "|(?:MASTER|SOURCE)_AUTO_POSITION\\s*=\\s*1"
              + "|MASTER_USE_GTID\\s*=\\s*(?:slave_pos|current_pos))"
              + "(?:\\s+FOR\\s+CHANNEL\\s+'(?<channel>.*)')?\\s*;?",
          Pattern.CASE_INSENSITIVE);

  /// A source of the backed-up server.
  ///
  /// @param name empty for the default channel
  /// @param position empty where the channel uses GTIDs
  record Channel(String name, Optional<BinlogPosition> position) {}

  /// @param file names the text in the error
  static SlaveInfo parse(String content, String file) throws MetadataException {
    List<Channel> channels = new ArrayList<>();
    GtidSet set = null;
    try {
      for (String statement : statements(content)) {
        Matcher assignment = SET.matcher(statement);
        if (set == null && assignment.matches()) {
          set = GtidSet.parse(assignment.group(1));
        } else {
          channels.add(channel(statement));
        }
      }
    } catch (IllegalArgumentException malformed) {
      throw new MetadataException(file, String.valueOf(malformed.getMessage()), content);
    }
    SlaveInfo info = new SlaveInfo(List.copyOf(channels), Optional.ofNullable(set));
    if (channels.isEmpty()) {
      throw new MetadataException(file, "no CHANGE statement in it", content);
    }
    if (info.usesGtid() && set == null) {
      throw new MetadataException(file, "it speaks of GTIDs but names none", content);
    }
    return info;
  }

  /// One a line, but for a GTID set that goes over several: such a statement goes on until its
  /// quotation marks are closed. Names may hold single quotes, so only `SET` lines are counted.
  private static List<String> statements(String content) {
    List<String> statements = new ArrayList<>();
    StringBuilder open = new StringBuilder();
    for (String line : content.lines().map(String::strip).toList()) {
      open.append(open.isEmpty() ? "" : " ").append(line);
      boolean whole =
          !open.toString().regionMatches(true, 0, "SET", 0, 3)
              || open.chars().filter(c -> c == '\'').count() % 2 == 0;
      if (whole && !open.isEmpty()) {
        statements.add(open.toString());
        open.setLength(0);
      }
    }
    if (!open.isEmpty()) {
      throw new IllegalArgumentException("a quotation mark is not closed");
    }
    return statements;
  }

  private static Channel channel(String statement) {
    Matcher parts = CHANGE.matcher(statement);
    if (!parts.matches()) {
      throw new IllegalArgumentException("it is not the CHANGE statement of a backup tool");
    }
    String file = parts.group("file");
    return new Channel(
        firstOf(parts.group("connection"), parts.group("channel")),
        file == null
            ? Optional.empty()
            : Optional.of(BinlogPosition.parse(file, parts.group("position"))));
  }

  private static String firstOf(@Nullable String one, @Nullable String other) {
    return one != null ? one : other != null ? other : "";
  }

  private boolean usesGtid() {
    return channels.stream().anyMatch(channel -> channel.position().isEmpty());
  }

  /// The coordinates of a replica with one source.
  ///
  /// @param heldByBackup from the same backup's [BinlogInfo]: the transactions it holds, which say
  ///   the same as a position and outlive the primary's file names
  ReplicationCoordinates coordinates(String file, Optional<GtidSet> heldByBackup)
      throws MetadataException {
    if (channels.size() > 1 || !channels.getFirst().name().isEmpty()) {
      throw new MetadataException(
          file,
          "the donor replicates from several sources or on a named channel; a replica of this set"
              + " has one source, on the default channel",
          channels.toString());
    }
    return new ReplicationCoordinates(
        channels.getFirst().position().orElse(null),
        gtidSet.or(() -> heldByBackup).map(GtidSet::text).orElse(null));
  }
}
