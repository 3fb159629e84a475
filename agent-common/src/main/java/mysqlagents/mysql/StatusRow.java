package mysqlagents.mysql;

import java.time.Duration;
import java.util.Map;
import mysqlagents.mysql.ReplicaStatus.IoThread;
import mysqlagents.mysql.ReplicaStatus.LogPosition;
import mysqlagents.mysql.ReplicaStatus.ThreadError;
import org.jspecify.annotations.Nullable;

/// A row of a status statement, by column.
record StatusRow(Map<String, @Nullable String> columns) {
  /// A column's value; NULL reads as the empty string.
  String text(String column) {
    if (!columns.containsKey(column)) {
      throw new IllegalArgumentException("the server's replication status has no column " + column);
    }
    String value = columns.get(column);
    return value == null ? "" : value;
  }

  long number(String column) {
    String value = text(column);
    try {
      return value.isEmpty() ? 0 : Long.parseLong(value);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(
          "the server's replication status has '%s' for %s; expected a whole number"
              .formatted(value, column));
    }
  }

  /// Null where the server says NULL.
  @Nullable Duration seconds(String column) {
    return text(column).isEmpty() ? null : Duration.ofSeconds(number(column));
  }

  ThreadError error(String prefix) {
    return new ThreadError((int) number(prefix + "_Errno"), text(prefix + "_Error").strip());
  }

  LogPosition position(String fileColumn, String positionColumn) {
    return new LogPosition(text(fileColumn), number(positionColumn));
  }

  /// @param server the word for the one that is followed: `Source` or `Master`
  ChannelTls tls(String server) {
    return new ChannelTls(
        // `Ignored`: asked for, of a server that was built without TLS.
        !text(server + "_SSL_Allowed").equals("No"),
        text(server + "_SSL_CA_File"),
        text(server + "_SSL_Cert"),
        text(server + "_SSL_Key"),
        text(server + "_SSL_Verify_Server_Cert").equals("Yes"));
  }

  /// MariaDB also says `Preparing`, before it connects.
  IoThread ioThread(String column) {
    return switch (text(column)) {
      case "Yes" -> IoThread.RUNNING;
      case "No" -> IoThread.STOPPED;
      default -> IoThread.CONNECTING;
    };
  }
}
