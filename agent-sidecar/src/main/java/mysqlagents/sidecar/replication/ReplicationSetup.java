package mysqlagents.sidecar.replication;

import static java.lang.System.Logger.Level.INFO;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import mysqlagents.backup.BackupMetadata;
import mysqlagents.backup.ReplicationCoordinates;
import mysqlagents.files.Volume;
import mysqlagents.journal.CloneManifest;
import mysqlagents.journal.Journal;
import mysqlagents.journal.ReplicationRecord;
import mysqlagents.journal.ReplicationRecord.Positioning;
import mysqlagents.journal.ReplicationRecord.Step;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;
import mysqlagents.mysql.GtidSet;
import mysqlagents.mysql.ReplicaStatus;
import mysqlagents.mysql.ReplicationSource;
import mysqlagents.mysql.Sql;
import mysqlagents.settings.PodName;

/// Sets up replication once for each clone, by law 3: journal, stop and reset what the clone
/// brought along, CHANGE … TO, journal, journal, START, journal. It may be ended at any point; the
/// next run does the right thing.
final class ReplicationSetup {
  private static final System.Logger LOG = System.getLogger(ReplicationSetup.class.getName());

  /// Where the agents set up their one source.
  private static final String CHANNEL = "";

  private final Replica replica;
  private final Journal journal;
  private final Volume volume;
  private final PodName pod;
  private final ReplicationSettings settings;
  private final Consumer<String> steps;

  /// @param steps is told of each statement and each journal entry once it is done
  ReplicationSetup(
      Replica replica,
      Journal journal,
      Volume volume,
      PodName pod,
      ReplicationSettings settings,
      Consumer<String> steps) {
    this.replica = replica;
    this.journal = journal;
    this.volume = volume;
    this.pod = pod;
    this.settings = settings;
    this.steps = steps;
  }

  /// Does what is left to be done.
  ///
  /// @return the channel to supervise; replication on it has been started before, or is left to be
  ///   started, as after any start of mysqld, or where it has not taken START yet
  /// @throws AgentFailure if only a person can go on
  String complete() throws AgentFailure, IOException, SQLException, InterruptedException {
    return switch (plan()) {
      case SetupPlan.Begin(String cloneId, ReplicationCoordinates coordinates) ->
          configure(planned(cloneId, coordinates));
      case SetupPlan.Configure(ReplicationRecord record) -> configure(record);
      case SetupPlan.Start(ReplicationRecord record) -> start(record);
      case SetupPlan.Adopt(ReplicaStatus found) -> adopt(found);
      case SetupPlan.ConfigureFromServer() -> configureFromServer();
      case SetupPlan.Reconnect(String channel, ReplicationRecord record) ->
          reconnect(channel, record);
      case SetupPlan.Supervise(String channel) -> channel;
      case SetupPlan.Spoil(String cloneId, ReplicationCoordinates coordinates) -> {
        spoiled(cloneId, coordinates);
        throw refused(SetupPlan.SPOILED);
      }
      case SetupPlan.Refuse refusal -> throw refused(refusal);
    };
  }

  private static AgentFailure refused(SetupPlan.Refuse refusal) {
    return new AgentFailure(ExitCode.REFUSED, refusal.problem(), refusal.remedy());
  }

  private SetupPlan plan() throws IOException, SQLException {
    Optional<ReplicationRecord> record = journal.replication();
    Optional<CloneManifest> manifest = journal.cloneManifest();
    // Looked for only where nothing better is there, so that its mistakes are of no concern then.
    Optional<ReplicationCoordinates> leftByExample =
        record.isEmpty() && manifest.isEmpty()
            ? BackupMetadata.readLeftByExample(volume.data())
            : Optional.empty();
    return SetupPlan.decide(
        record,
        manifest,
        leftByExample,
        new SetupPlan.ServerFacts(
            replica.status(), replica.wasStartedByCommand(), replica.appliedGtidSet()));
  }

  private ReplicationRecord planned(String cloneId, ReplicationCoordinates coordinates)
      throws AgentFailure, IOException, SQLException {
    Positioning positioning = settings.positioning().apply(coordinates, replica.isGtidUsable());
    return write(new ReplicationRecord(cloneId, Step.PLANNED, coordinates, positioning, now()));
  }

  private void spoiled(String cloneId, ReplicationCoordinates coordinates) throws IOException {
    Positioning meant = coordinates.gtidSet() == null ? Positioning.BINLOG : Positioning.GTID;
    write(new ReplicationRecord(cloneId, Step.SPOILED, coordinates, meant, now()));
  }

  private String configure(ReplicationRecord record)
      throws AgentFailure, IOException, SQLException, InterruptedException {
    ReplicationCoordinates coordinates = record.coordinates();
    if (coordinates == null) {
      throw new AgentFailure(
          ExitCode.FILES,
          "the journal's replication record has no coordinates",
          ErrorGuide.CLONE_AGAIN);
    }
    ReplicationSource primary = primary();
    send(replica.stopAndReset());
    if (record.positioning() == Positioning.GTID) {
      send(replica.declareHeld(GtidSet.parse(String.valueOf(coordinates.gtidSet()))));
      send(List.of(replica.followByGtid(primary)));
    } else {
      send(List.of(replica.followFrom(primary, coordinates)));
    }
    LOG.log(
        INFO,
        () ->
            "replication from %s is set up by %s: %s"
                .formatted(primary, record.positioning(), coordinates));
    return markConfiguredAndStart(record);
  }

  /// The server lost its settings after it was started: from here on its own GTID state counts, and
  /// the journal's coordinates are history.
  private String configureFromServer()
      throws AgentFailure, IOException, SQLException, InterruptedException {
    ReplicationSource primary = primary();
    send(List.of(replica.followByGtid(primary)));
    replica.makeSettingsDurable(volume.data());
    LOG.log(
        INFO,
        () -> "replication from %s is set up again, from what the server holds".formatted(primary));
    return CHANNEL;
  }

  private String markConfiguredAndStart(ReplicationRecord record)
      throws AgentFailure, IOException, SQLException, InterruptedException {
    replica.makeSettingsDurable(volume.data());
    steps.accept("settings are on disk");
    return start(write(at(Step.CONFIGURED, record)));
  }

  /// STARTING is written first: if nothing were, a crash in between would leave a server that has
  /// moved on and a journal that allows its coordinates to be used again.
  private String start(ReplicationRecord record) throws IOException, SQLException {
    write(at(Step.STARTING, record));
    replica.start(CHANNEL);
    steps.accept("START");
    write(at(Step.STARTED, record));
    return CHANNEL;
  }

  private String reconnect(String channel, ReplicationRecord record)
      throws AgentFailure, IOException, SQLException, InterruptedException {
    new Reconnection(replica, journal, volume, steps).make(channel, record, primary());
    LOG.log(INFO, () -> "finished what was begun before: replication logs in anew");
    return channel;
  }

  private String adopt(ReplicaStatus found) throws IOException {
    write(
        new ReplicationRecord(
            null,
            Step.STARTED,
            null,
            found.usesGtid() ? Positioning.GTID : Positioning.BINLOG,
            now()));
    LOG.log(
        INFO,
        () ->
            "adopted the server's own replication from %s:%d"
                .formatted(found.host(), found.port()));
    return found.channel();
  }

  /// @throws AgentFailure if that is this pod
  private ReplicationSource primary() throws AgentFailure, IOException {
    ReplicationSource primary = settings.primaryOf(pod);
    if (primary.host().equals(settings.peers().hostOf(pod))) {
      throw new AgentFailure(
          ExitCode.MISCONFIGURED,
          "%s is the address of this pod, not only of the primary".formatted(primary.host()),
          "put {pod} or {ordinal} into PEER_ADDRESS so that each pod has its own");
    }
    return primary;
  }

  private void send(List<Sql> statements) throws SQLException {
    for (Sql statement : statements) {
      replica.send(statement);
      steps.accept(statement.toString());
    }
  }

  private ReplicationRecord write(ReplicationRecord record) throws IOException {
    journal.write(record);
    steps.accept("journal: " + record.step());
    return record;
  }

  static ReplicationRecord at(Step step, ReplicationRecord record) {
    return new ReplicationRecord(
        record.cloneId(), step, record.coordinates(), record.positioning(), now());
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
