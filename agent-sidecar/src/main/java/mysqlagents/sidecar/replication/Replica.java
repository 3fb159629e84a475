package mysqlagents.sidecar.replication;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mysqlagents.backup.ReplicationCoordinates;
import mysqlagents.files.Durable;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;
import mysqlagents.mysql.Dialect;
import mysqlagents.mysql.GtidSet;
import mysqlagents.mysql.ReplicaStatus;
import mysqlagents.mysql.ReplicationSource;
import mysqlagents.mysql.ServerVersion;
import mysqlagents.mysql.Sql;
import mysqlagents.sidecar.server.Server;
import org.jspecify.annotations.Nullable;

/// This pod's server in its role as a replica: what it says of replication, and what it can be told
/// to do.
final class Replica {
  /// The SQL thread stops only between transactions, and a large one takes its time.
  private static final Duration STOP_LIMIT = Duration.ofMinutes(2);

  /// The server writes its redo log at least once a second.
  private static final Duration FLUSH_LIMIT = Duration.ofSeconds(30);

  private static final Duration FLUSH_POLL = Duration.ofMillis(50);

  private final Server server;
  private final Dialect dialect;

  private Replica(Server server, Dialect dialect) {
    this.server = server;
    this.dialect = dialect;
  }

  /// @throws AgentFailure if such a server is not supported
  static Replica of(Server server) throws SQLException, AgentFailure {
    return new Replica(server, Dialect.of(ServerVersion.parse(server.askVersion())));
  }

  /// One for each source the server knows of; none where replication is not set up.
  List<ReplicaStatus> status() throws SQLException {
    List<ReplicaStatus> all = new ArrayList<>();
    for (Map<String, @Nullable String> row : server.rows(dialect.showReplicaStatus())) {
      ReplicaStatus status = dialect.replicaStatus(row);
      // MySQL keeps an empty row for a default channel that was reset.
      if (!status.host().isEmpty()) {
        all.add(withHeartbeats(status));
      }
    }
    return all;
  }

  /// Whether the server still owes an answer to an earlier question for the status, which nobody
  /// may wait for any more.
  boolean owesStatus() throws SQLException {
    String question = dialect.showReplicaStatus().text();
    return server.rows(dialect.showProcesses()).stream()
        .anyMatch(process -> question.equals(process.get("Info")));
  }

  private ReplicaStatus withHeartbeats(ReplicaStatus status) throws SQLException {
    Optional<Sql> query = dialect.heartbeats(status.channel());
    if (query.isEmpty()) {
      return status;
    }
    for (Map<String, @Nullable String> row : server.rows(query.get())) {
      String received = row.get("heartbeats");
      String period = row.get("period");
      if (received != null && period != null) {
        return status.withHeartbeats(
            Long.parseLong(received),
            Duration.ofMillis(new BigDecimal(period).movePointRight(3).longValue()));
      }
    }
    return status;
  }

  /// Whether somebody, this agent included, has started replication by command since mysqld
  /// started. It begins each life with replication stopped.
  boolean wasStartedByCommand() throws SQLException {
    for (Map<String, @Nullable String> row : server.rows(dialect.startCommands())) {
      if (!"0".equals(row.get("Value"))) {
        return true;
      }
    }
    return false;
  }

  boolean isGtidUsable() throws SQLException {
    return server.value(dialect.gtidUsable()).equals("1");
  }

  /// The transactions that the server knows it holds; empty if it knows of none.
  Optional<GtidSet> appliedGtidSet() throws SQLException {
    String set = server.value(dialect.appliedGtidSet());
    return set.isBlank() ? Optional.empty() : Optional.of(GtidSet.parse(set));
  }

  void start(String channel) throws SQLException {
    server.execute(dialect.start(channel));
  }

  /// The statements that make the server stop and forget replication, for a caller that sends them
  /// one by one.
  List<Sql> stopAndReset() throws SQLException {
    return dialect.stopAndReset(status().stream().map(ReplicaStatus::channel).toList());
  }

  /// See [Dialect#stopToReconnect(String)].
  Sql stopToReconnect(String channel) {
    return dialect.stopToReconnect(channel);
  }

  /// See [Dialect#reconnectAs(String, ReplicationSource)].
  Sql reconnectAs(String channel, ReplicationSource source) {
    return dialect.reconnectAs(channel, source);
  }

  List<Sql> declareHeld(GtidSet set) {
    return dialect.declareHeld(set);
  }

  Sql followByGtid(ReplicationSource source) {
    return dialect.followByGtid(source);
  }

  Sql followFrom(ReplicationSource source, ReplicationCoordinates coordinates) {
    if (coordinates.binlog() == null) {
      throw new IllegalArgumentException("no file and position in " + coordinates);
    }
    return dialect.followFrom(source, coordinates.binlog().file(), coordinates.binlog().position());
  }

  /// Sends one of the statements above.
  void send(Sql statement) throws SQLException {
    server.execute(statement, STOP_LIMIT);
  }

  /// Returns once the settings that the server has taken are on disk: in its redo log where they
  /// are tables, and in the data directory's `.info` files where they are files, which the server
  /// itself does not always wait for.
  void makeSettingsDurable(Path dataDirectory)
      throws SQLException, IOException, AgentFailure, InterruptedException {
    server.execute(dialect.flushEngineLogs());
    if (dialect.redoProgress().isPresent()) {
      awaitRedo(dialect.redoProgress().get());
    }
    Optional<String> required = dialect.settingsFile();
    if (required.isPresent() && !Files.exists(dataDirectory.resolve(required.get()))) {
      throw new AgentFailure(
          ExitCode.MISCONFIGURED,
          "%s has no %s, so it is not this server's data directory"
              .formatted(dataDirectory, required.get()),
          "mount mysqld's volume in the sidecar too, and set VOLUME_DIRECTORY to where it is");
    }
    if (Files.isDirectory(dataDirectory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(dataDirectory, "*.info")) {
        for (Path file : files) {
          Durable.file(file);
        }
      }
      Durable.directory(dataDirectory);
    }
  }

  private void awaitRedo(Sql progress) throws SQLException, InterruptedException {
    long target = redo(progress, "Innodb_lsn_current");
    long began = System.nanoTime();
    while (redo(progress, "Innodb_lsn_flushed") < target) {
      if (System.nanoTime() - began > FLUSH_LIMIT.toNanos()) {
        throw new SQLException(
            "%s has not written its redo log within %d s"
                .formatted(server, FLUSH_LIMIT.toSeconds()));
      }
      Thread.sleep(FLUSH_POLL);
    }
  }

  private long redo(Sql progress, String name) throws SQLException {
    for (Map<String, @Nullable String> row : server.rows(progress)) {
      String value = row.get("Value");
      if (value != null && name.equalsIgnoreCase(row.get("Variable_name"))) {
        return Long.parseUnsignedLong(value);
      }
    }
    // Without InnoDB there is nothing to wait for.
    return 0;
  }
}
