package mysqlagents.sidecar.replication;

import java.time.Duration;
import mysqlagents.mysql.ChannelTls;
import mysqlagents.mysql.ReplicaStatus;
import mysqlagents.mysql.ReplicaStatus.IoThread;
import mysqlagents.mysql.ReplicaStatus.LogPosition;
import mysqlagents.mysql.ReplicaStatus.ThreadError;
import org.jspecify.annotations.Nullable;

/// Answers that a server could give of its replication.
final class Statuses {
  private static final ThreadError NONE = new ThreadError(0, "");

  static final ChannelTls PLAIN = new ChannelTls(false, "", "", "", false);

  private Statuses() {}

  static ReplicaStatus running(long lagSeconds) {
    return of(IoThread.RUNNING, true, NONE, NONE, Duration.ofSeconds(lagSeconds), 1, 100);
  }

  /// @param sign changes with each thing that comes from the primary
  static ReplicaStatus running(long lagSeconds, int sign) {
    return of(IoThread.RUNNING, true, NONE, NONE, Duration.ofSeconds(lagSeconds), sign, 100);
  }

  /// @param position of the primary's binary log that has been fetched
  static ReplicaStatus runningAt(long position) {
    return of(IoThread.RUNNING, true, NONE, NONE, Duration.ZERO, 1, position);
  }

  static ReplicaStatus neverStarted() {
    return of(IoThread.STOPPED, false, NONE, NONE, null, 0, 100);
  }

  static ReplicaStatus connecting(int number, String text) {
    return of(IoThread.CONNECTING, true, new ThreadError(number, text), NONE, null, 1, 100);
  }

  static ReplicaStatus threads(boolean io, boolean sql) {
    return of(io ? IoThread.RUNNING : IoThread.STOPPED, sql, NONE, NONE, null, 1, 100);
  }

  /// The IO thread has given up.
  static ReplicaStatus ioError(int number, String text) {
    return ioError(number, text, true);
  }

  static ReplicaStatus ioError(int number, String text, boolean sqlThreadRuns) {
    return of(IoThread.STOPPED, sqlThreadRuns, new ThreadError(number, text), NONE, null, 1, 100);
  }

  static ReplicaStatus sqlError(int number, String text) {
    return of(IoThread.RUNNING, false, NONE, new ThreadError(number, text), null, 1, 100);
  }

  private static ReplicaStatus of(
      IoThread io,
      boolean sql,
      ThreadError ioError,
      ThreadError sqlError,
      @Nullable Duration lag,
      long heartbeats,
      long position) {
    return new ReplicaStatus(
        "",
        "mysql-0.mysql",
        3306,
        "root",
        PLAIN,
        true,
        io,
        sql,
        lag,
        ioError,
        sqlError,
        new LogPosition("mysql-bin.000001", position),
        new LogPosition("mysql-bin.000001", position),
        "0-100-3",
        heartbeats,
        Duration.ofSeconds(3));
  }
}
