package mysqlagents.sidecar.replication;

import java.io.IOException;
import java.sql.SQLException;
import java.util.function.Consumer;
import mysqlagents.files.Volume;
import mysqlagents.journal.Journal;
import mysqlagents.journal.ReplicationRecord;
import mysqlagents.journal.ReplicationRecord.Step;
import mysqlagents.main.AgentFailure;
import mysqlagents.mysql.ReplicationSource;
import mysqlagents.mysql.Sql;
import mysqlagents.sidecar.server.NoAnswerException;

/// Changes how a channel that has been started logs in at its source: journal, stop, CHANGE … TO
/// with nothing but user, password and TLS, settings on disk, START, journal. Its place in the
/// source's history stays the server's own throughout.
///
/// It may be ended at any point: the journal's RECONNECTING makes the next run do it again, which
/// is harmless, and start what this one has stopped.
final class Reconnection {
  private final Replica replica;
  private final Journal journal;
  private final Volume volume;
  private final Consumer<String> steps;

  /// @param steps is told of each statement and each journal entry once it is done
  Reconnection(Replica replica, Journal journal, Volume volume, Consumer<String> steps) {
    this.replica = replica;
    this.journal = journal;
    this.volume = volume;
    this.steps = steps;
  }

  /// @param record the journal's
  /// @throws SQLException if the server refused; unless it does not answer, it goes on as it did
  void make(String channel, ReplicationRecord record, ReplicationSource source)
      throws AgentFailure, IOException, SQLException, InterruptedException {
    write(Step.RECONNECTING, record);
    try {
      send(replica.stopToReconnect(channel));
      send(replica.reconnectAs(channel, source));
      replica.makeSettingsDurable(volume.data());
      steps.accept("settings are on disk");
    } catch (NoAnswerException failure) {
      // Whether it was done cannot be told; it is done again once mysqld answers.
      throw failure;
    } catch (SQLException refused) {
      start(channel, record);
      throw refused;
    }
    start(channel, record);
  }

  private void start(String channel, ReplicationRecord record) throws IOException, SQLException {
    replica.start(channel);
    steps.accept("START");
    write(Step.STARTED, record);
  }

  private void send(Sql statement) throws SQLException {
    replica.send(statement);
    steps.accept(statement.toString());
  }

  private void write(Step step, ReplicationRecord record) throws IOException {
    journal.write(ReplicationSetup.at(step, record));
    steps.accept("journal: " + step);
  }
}
