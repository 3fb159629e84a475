package mysqlagents.sidecar.replication;

import static mysqlagents.sidecar.replication.ErrorGuide.CLONE_AGAIN;

import java.util.List;
import java.util.Optional;
import mysqlagents.backup.BackupEngine;
import mysqlagents.backup.ReplicationCoordinates;
import mysqlagents.journal.CloneManifest;
import mysqlagents.journal.ReplicationRecord;
import mysqlagents.journal.ReplicationRecord.Positioning;
import mysqlagents.mysql.GtidSet;
import mysqlagents.mysql.ReplicaStatus;
import org.jspecify.annotations.Nullable;

/// What is left to be done until a replica's replication is set up. [#decide] is law 3 in one
/// place.
sealed interface SetupPlan {
  /// Record the coordinates, then do everything.
  record Begin(@Nullable String cloneId, ReplicationCoordinates coordinates) implements SetupPlan {}

  /// Do everything (again): the server has not been started with these coordinates.
  record Configure(ReplicationRecord record) implements SetupPlan {}

  /// The server holds the settings; record that it is being started, and start it.
  record Start(ReplicationRecord record) implements SetupPlan {}

  /// The server replicates, or did, without our doing: record that.
  record Adopt(ReplicaStatus settings) implements SetupPlan {}

  /// The server has lost its settings but knows by GTID what it holds.
  record ConfigureFromServer() implements SetupPlan {}

  /// It is set up, and was cut off while it was told how to log in from now on.
  record Reconnect(String channel, ReplicationRecord record) implements SetupPlan {}

  /// It is set up.
  record Supervise(String channel) implements SetupPlan {}

  /// mysqld has begun with the settings that the clone brought along. Record that the coordinates
  /// are void, for there is no trace of it after the next start of mysqld; then refuse.
  record Spoil(@Nullable String cloneId, ReplicationCoordinates coordinates) implements SetupPlan {}

  /// Nothing can be done without a person.
  record Refuse(String problem, String remedy) implements SetupPlan {}

  Refuse SPOILED =
      new Refuse(
          "mysqld had started replication by itself, with the donor's settings, before it was set"
              + " up; how far it came cannot be told",
          "start mysqld with skip-slave-start, as agent-init configures it, and " + CLONE_AGAIN);

  /// What the server says.
  ///
  /// @param settings of each source it knows of
  /// @param startedByCommand whether replication was started by command since mysqld started
  /// @param applied the transactions that it knows it holds
  record ServerFacts(
      List<ReplicaStatus> settings, boolean startedByCommand, Optional<GtidSet> applied) {}

  /// @param leftByExample what the bash example has left in the data directory
  static SetupPlan decide(
      Optional<ReplicationRecord> record,
      Optional<CloneManifest> manifest,
      Optional<ReplicationCoordinates> leftByExample,
      ServerFacts server) {
    if (manifest.isPresent() && !record.map(r -> isOf(r, manifest.get())).orElse(false)) {
      return beginWith(manifest.get(), server);
    }
    if (record.isPresent()) {
      return goOnWith(record.get(), server);
    }
    if (!server.settings().isEmpty()) {
      return adopt(server.settings());
    }
    if (leftByExample.isPresent()) {
      return new Begin(null, leftByExample.get());
    }
    return new Refuse(
        "this replica has data but nothing tells where in the primary's history it belongs",
        CLONE_AGAIN);
  }

  private static boolean isOf(ReplicationRecord record, CloneManifest manifest) {
    return manifest.cloneId().equals(record.cloneId());
  }

  /// The CLONE plugin leaves no file with a position; what it copied is the server's own record of
  /// the transactions that it holds. Nothing has been started, so that it still is what was copied.
  /// From here on the journal has it.
  private static SetupPlan beginWith(CloneManifest manifest, ServerFacts server) {
    boolean placedByItself = manifest.tool().equals(BackupEngine.CLONE_PLUGIN.word());
    Optional<ReplicationCoordinates> coordinates =
        placedByItself
            ? server.applied().map(set -> new ReplicationCoordinates(null, set.text()))
            : Optional.ofNullable(manifest.coordinates());
    if (coordinates.isEmpty()) {
      return placedByItself
          ? new Refuse(
              "the server does not know by GTID what its data holds, and the clone of %s brought no"
                      .formatted(manifest.donor())
                  + " other position",
              "set gtid_mode=ON on all pods, then " + CLONE_AGAIN)
          : new Refuse(
              "the donor %s writes no binary log, so its clone cannot follow the primary"
                  .formatted(manifest.donor()),
              "switch the binary log on (log-bin) on the primary, then " + CLONE_AGAIN);
    }
    return ranByItself(server)
        ? new Spoil(manifest.cloneId(), coordinates.get())
        : new Begin(manifest.cloneId(), coordinates.get());
  }

  private static SetupPlan goOnWith(ReplicationRecord record, ServerFacts server) {
    return switch (record.step()) {
      case PLANNED ->
          ranByItself(server) && record.coordinates() != null
              ? new Spoil(record.cloneId(), record.coordinates())
              : new Configure(record);
      case CONFIGURED -> server.settings().isEmpty() ? new Configure(record) : new Start(record);
      case STARTING, STARTED ->
          server.settings().isEmpty() ? settingsLost(record, server) : supervise(server.settings());
      case RECONNECTING ->
          server.settings().isEmpty()
              ? settingsLost(record, server)
              : reconnect(supervise(server.settings()), record);
      case SPOILED -> SPOILED;
    };
  }

  /// Threads, or errors of theirs, before the set-up has come to START.
  private static boolean ranByItself(ServerFacts server) {
    return server.settings().stream().anyMatch(ReplicaStatus::hasRun);
  }

  private static SetupPlan settingsLost(ReplicationRecord record, ServerFacts server) {
    if (server.startedByCommand()) {
      return new Refuse(
          "somebody has removed the replication settings of the running server",
          "restart mysqld to have a replica by GTID set up again, or " + CLONE_AGAIN);
    }
    if (record.positioning() == Positioning.GTID && server.applied().isPresent()) {
      return new ConfigureFromServer();
    }
    return new Refuse(
        "the server has lost its replication settings, and with them its place in the primary's"
            + " history",
        CLONE_AGAIN);
  }

  private static SetupPlan reconnect(SetupPlan plan, ReplicationRecord record) {
    return plan instanceof Supervise(String channel) ? new Reconnect(channel, record) : plan;
  }

  private static SetupPlan adopt(List<ReplicaStatus> settings) {
    return settings.size() == 1 ? new Adopt(settings.getFirst()) : supervise(settings);
  }

  private static SetupPlan supervise(List<ReplicaStatus> settings) {
    return settings.size() == 1
        ? new Supervise(settings.getFirst().channel())
        : new Refuse(
            "the server follows %d sources (%s)"
                .formatted(
                    settings.size(),
                    String.join(", ", settings.stream().map(ReplicaStatus::host).toList())),
            "leave one of them: RESET SLAVE '…' ALL, or RESET REPLICA ALL FOR CHANNEL '…'");
  }
}
