package mysqlagents.mysql;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;
import mysqlagents.mysql.ServerVersion.Flavour;
import org.jspecify.annotations.Nullable;

/// The SQL of replication as one server speaks it. No other class knows that servers differ in it.
///
/// The agents know a single source and set it up on the default channel, whose name is empty. Where
/// a method takes a channel, it is one that the server has shown in its status.
public sealed interface Dialect permits MariaDbDialect, MySqlDialect {
  /// How long a replica waits before it tries again to reach its primary.
  int CONNECT_RETRY_SECONDS = 5;

  /// How often an idle primary gives a sign of life. It bounds how long a dead one goes unnoticed,
  /// and how long a new connection waits for the proof that it is up to date.
  int HEARTBEAT_SECONDS = 3;

  /// Part of every CHANGE: a server puts it back to half of its net timeout where it is left out.
  String HEARTBEAT = "{SOURCE}_HEARTBEAT_PERIOD = " + HEARTBEAT_SECONDS + ", ";

  /// For a person who reads a message: MariaDB and MySQL to 8.3 know the one, MySQL from 8.0.22 on
  /// the other.
  String START_BY_HAND = "START SLAVE (or START REPLICA)";

  /// Also for servers that are not supported (see [SupportedServers]), if only there are words for
  /// them: newer ones are spoken to like the newest that is known.
  ///
  /// @throws AgentFailure if the server is older than the oldest words
  static Dialect of(ServerVersion version) throws AgentFailure {
    boolean speakable =
        switch (version.flavour()) {
          // The rights that the agents' accounts have came with 10.5, the last of them with 10.5.9.
          case MARIADB -> version.isAtLeast(10, 5, 9);
          // With GTIDs.
          case MYSQL -> version.isAtLeast(5, 6, 5);
        };
    if (!speakable) {
      throw new AgentFailure(
          ExitCode.REFUSED,
          SupportedServers.unsupported(version) + ", and too old to be spoken to",
          SupportedServers.REMEDY);
    }
    return version.flavour() == Flavour.MARIADB ? new MariaDbDialect() : new MySqlDialect(version);
  }

  /// Stops replication and makes the server forget all settings of it.
  ///
  /// @param channels those that the server shows in its status
  List<Sql> stopAndReset(List<String> channels);

  /// Tells the server which of the primary's transactions its data holds. To be sent after
  /// [#stopAndReset(List)] and before [#followByGtid(ReplicationSource)].
  List<Sql> declareHeld(GtidSet set);

  /// Follows `source` by GTID, from the transactions that the server knows it holds.
  Sql followByGtid(ReplicationSource source);

  /// Follows `source` from a place in its binary log.
  Sql followFrom(ReplicationSource source, String file, long position);

  /// Tells the server how to log in at its source from now on: user, password and TLS, as `source`
  /// has them. To be sent between [#stopToReconnect(String)] and [#start(String)].
  ///
  /// Never the source's host or port, nor a file or position: a server that is told a host or port,
  /// be it the same one, takes the source for another and forgets its place in the source's
  /// history.
  Sql reconnectAs(String channel, ReplicationSource source);

  /// Stops what has to stand still for [#reconnectAs(String, ReplicationSource)], and no more.
  Sql stopToReconnect(String channel);

  Sql start(String channel);

  Sql stop(String channel);

  /// One row for each channel; none where replication is not set up. For [#replicaStatus(Map)].
  Sql showReplicaStatus();

  /// What the server is busy with, as far as the account may see it: a column `Info` with each
  /// connection's statement. Everybody sees their own.
  default Sql showProcesses() {
    return Sql.of("SHOW PROCESSLIST");
  }

  /// Reads a row of [#showReplicaStatus()].
  ///
  /// @param row by column name
  /// @throws IllegalArgumentException if a column is missing or holds nonsense
  ReplicaStatus replicaStatus(Map<String, @Nullable String> row);

  /// One row with `heartbeats` and `period` (in seconds) of a channel, where the status itself does
  /// not have them.
  Optional<Sql> heartbeats(String channel);

  /// Where the server's own binary log stands: columns `File`, `Position`; no row without one.
  Sql showBinaryLogStatus();

  /// One value: 1 if the server can follow by GTID as it is configured, else 0.
  Sql gtidUsable();

  /// One value: the transactions of others that the server knows it has applied; may be empty.
  Sql appliedGtidSet();

  /// How often replication was started by command since the server started: rows whose second
  /// column are counts to be added up. Threads that the server started by itself do not count.
  default Sql startCommands() {
    return Sql.of(
        "SHOW GLOBAL STATUS WHERE Variable_name IN"
            + " ('Com_start_slave', 'Com_start_all_slaves', 'Com_slave_start',"
            + " 'Com_replica_start')");
  }

  /// Puts on disk what InnoDB holds in its log buffer, where settings and GTID state are tables.
  default Sql flushEngineLogs() {
    return Sql.of("FLUSH NO_WRITE_TO_BINLOG ENGINE LOGS");
  }

  /// Rows `Innodb_lsn_current` and `Innodb_lsn_flushed`, where [#flushEngineLogs()] alone is no
  /// guarantee.
  Optional<Sql> redoProgress();

  /// The file in the data directory that holds the settings of replication, where they are not in
  /// tables.
  Optional<String> settingsFile();

  /// Makes the server read its certificate, key and authorities anew, for new connections; where
  /// that fails, it keeps the old ones. Empty where only a restart does it.
  Optional<Sql> reloadCertificates();
}
