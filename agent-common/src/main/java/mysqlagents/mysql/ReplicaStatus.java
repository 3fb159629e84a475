package mysqlagents.mysql;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a server says of its replication: one row of `SHOW REPLICA STATUS`, in whichever words it
/// has them.
///
/// @param channel the channel's or connection's name; empty for the default one
/// @param tls how its connection is encrypted
/// @param usesGtid whether it finds its place by GTID
/// @param lag how far the applied events are behind; null while the server does not know
/// @param read how far the primary's binary log has been fetched
/// @param applied how far it has been applied
/// @param gtid the transactions fetched (MySQL) or the last of each domain (MariaDB); may be empty
/// @param heartbeats received so far; null where the server does not say
/// @param heartbeatPeriod null where the server does not say; zero when they are switched off
public record ReplicaStatus(
    String channel,
    String host,
    int port,
    String user,
    ChannelTls tls,
    boolean usesGtid,
    IoThread ioThread,
    boolean sqlThreadRuns,
    @Nullable Duration lag,
    ThreadError ioError,
    ThreadError sqlError,
    LogPosition read,
    LogPosition applied,
    String gtid,
    @Nullable Long heartbeats,
    @Nullable Duration heartbeatPeriod) {

  /// The thread that fetches events from the primary.
  public enum IoThread {
    STOPPED,
    CONNECTING,
    RUNNING
  }

  /// Why a thread stopped, or what it complains of while it keeps trying.
  ///
  /// @param number 0 when there is no error
  public record ThreadError(int number, String text) {
    public boolean isPresent() {
      return number != 0;
    }
  }

  /// A place in the primary's binary log; the file's name is empty before the first event.
  public record LogPosition(String file, long position) {
    @Override
    public String toString() {
      return file.isEmpty() ? "the beginning" : file + ":" + position;
    }
  }

  public ReplicaStatus withHeartbeats(long received, Duration period) {
    return new ReplicaStatus(
        channel,
        host,
        port,
        user,
        tls,
        usesGtid,
        ioThread,
        sqlThreadRuns,
        lag,
        ioError,
        sqlError,
        read,
        applied,
        gtid,
        received,
        period);
  }

  public boolean bothThreadsRun() {
    return ioThread == IoThread.RUNNING && sqlThreadRuns;
  }

  /// Whether replication runs or has been running since the server started: only then are there
  /// threads or errors.
  public boolean hasRun() {
    return ioThread != IoThread.STOPPED
        || sqlThreadRuns
        || ioError.isPresent()
        || sqlError.isPresent();
  }
}
