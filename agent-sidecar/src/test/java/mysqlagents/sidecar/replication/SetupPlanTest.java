package mysqlagents.sidecar.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import mysqlagents.backup.BinlogPosition;
import mysqlagents.backup.ReplicationCoordinates;
import mysqlagents.journal.CloneManifest;
import mysqlagents.journal.ReplicationRecord;
import mysqlagents.journal.ReplicationRecord.Positioning;
import mysqlagents.journal.ReplicationRecord.Step;
import mysqlagents.mysql.GtidSet;
import mysqlagents.mysql.ReplicaStatus;
import mysqlagents.sidecar.replication.SetupPlan.Adopt;
import mysqlagents.sidecar.replication.SetupPlan.Begin;
import mysqlagents.sidecar.replication.SetupPlan.Configure;
import mysqlagents.sidecar.replication.SetupPlan.ConfigureFromServer;
import mysqlagents.sidecar.replication.SetupPlan.Reconnect;
import mysqlagents.sidecar.replication.SetupPlan.Refuse;
import mysqlagents.sidecar.replication.SetupPlan.ServerFacts;
import mysqlagents.sidecar.replication.SetupPlan.Spoil;
import mysqlagents.sidecar.replication.SetupPlan.Start;
import mysqlagents.sidecar.replication.SetupPlan.Supervise;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SetupPlanTest {
  private static final ReplicationCoordinates COORDINATES =
      new ReplicationCoordinates(new BinlogPosition("mysql-bin.000001", 4), "0-100-3");
  private static final Optional<GtidSet> HELD =
      Optional.of(GtidSet.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5"));
  private static final ServerFacts NO_SETTINGS = new ServerFacts(List.of(), false, HELD);
  private static final ServerFacts SETTINGS = with(Statuses.neverStarted());

  private static ServerFacts with(ReplicaStatus... settings) {
    return new ServerFacts(List.of(settings), false, HELD);
  }

  private static ReplicationRecord record(Step step) {
    return record(step, Positioning.GTID);
  }

  private static ReplicationRecord record(Step step, Positioning positioning) {
    return new ReplicationRecord("clone-1", step, COORDINATES, positioning, "");
  }

  private static CloneManifest manifest(String id, @Nullable ReplicationCoordinates coordinates) {
    return new CloneManifest(id, "mysql-0", "", "mariadb-backup", "", "", "", 1, "", coordinates);
  }

  private static SetupPlan afterClone(ReplicationRecord record, ServerFacts server) {
    return SetupPlan.decide(
        Optional.of(record),
        Optional.of(manifest("clone-1", COORDINATES)),
        Optional.empty(),
        server);
  }

  private static SetupPlan withoutJournal(
      Optional<ReplicationCoordinates> leftByExample, ServerFacts server) {
    return SetupPlan.decide(Optional.empty(), Optional.empty(), leftByExample, server);
  }

  private static void assertRefused(SetupPlan plan, String problem, String remedy) {
    assertThat(plan)
        .asInstanceOf(InstanceOfAssertFactories.type(Refuse.class))
        .satisfies(refusal -> {
          assertThat(refusal.problem()).contains(problem);
          assertThat(refusal.remedy()).contains(remedy);
        });
  }

  @Test
  void beginsWithTheManifestOfANewClone() {
    SetupPlan plan =
        SetupPlan.decide(
            Optional.empty(),
            Optional.of(manifest("clone-1", COORDINATES)),
            Optional.empty(),
            // What the clone brought along, not started.
            SETTINGS);
    assertThat(plan).isEqualTo(new Begin("clone-1", COORDINATES));
  }

  @Test
  void beginsAnewWhenTheDataIsOfAnotherCloneThanTheRecord() {
    SetupPlan plan =
        SetupPlan.decide(
            Optional.of(record(Step.STARTED)),
            Optional.of(manifest("clone-2", COORDINATES)),
            Optional.empty(),
            NO_SETTINGS);
    assertThat(plan).isEqualTo(new Begin("clone-2", COORDINATES));
  }

  @Test
  void repeatsEverythingWhilePlanned() {
    ReplicationRecord planned = record(Step.PLANNED);
    assertThat(afterClone(planned, NO_SETTINGS)).isEqualTo(new Configure(planned));
    assertThat(afterClone(planned, SETTINGS)).isEqualTo(new Configure(planned));
  }

  @Test
  void neverUsesCoordinatesOnAServerThatReplicatedByItself() {
    for (ReplicaStatus ran :
        List.of(
            Statuses.running(0),
            Statuses.connecting(2003, "no route"),
            Statuses.sqlError(1062, "duplicate"),
            Statuses.ioError(1236, "purged", false))) {
      assertThat(afterClone(record(Step.PLANNED), with(ran)))
          .isEqualTo(new Spoil("clone-1", COORDINATES));
      assertThat(
              SetupPlan.decide(
                  Optional.empty(),
                  Optional.of(manifest("clone-1", COORDINATES)),
                  Optional.empty(),
                  with(ran)))
          .isEqualTo(new Spoil("clone-1", COORDINATES));
    }
    // Nor after a restart of mysqld, when nothing tells of it any more.
    assertRefused(
        afterClone(record(Step.SPOILED), SETTINGS), "by itself", "clone this replica again");
    assertRefused(
        afterClone(record(Step.SPOILED), NO_SETTINGS), "by itself", "clone this replica again");
  }

  @Test
  void startsWhatIsConfigured() {
    ReplicationRecord configured = record(Step.CONFIGURED);
    assertThat(afterClone(configured, SETTINGS)).isEqualTo(new Start(configured));
    assertThat(afterClone(configured, with(Statuses.running(0)))).isEqualTo(new Start(configured));
  }

  @Test
  void configuresAgainWhatWasLostBeforeItWasStarted() {
    ReplicationRecord configured = record(Step.CONFIGURED);
    assertThat(afterClone(configured, NO_SETTINGS)).isEqualTo(new Configure(configured));
  }

  @Test
  void neverUsesCoordinatesOnceStarted() {
    for (Step step : List.of(Step.STARTING, Step.STARTED, Step.RECONNECTING)) {
      for (Positioning positioning : Positioning.values()) {
        ReplicationRecord started = record(step, positioning);
        for (ServerFacts server : List.of(NO_SETTINGS, SETTINGS, with(Statuses.running(1)))) {
          assertThat(afterClone(started, server))
              .isNotInstanceOfAny(Begin.class, Configure.class, SetupPlan.Start.class);
        }
      }
    }
  }

  @Test
  void supervisesWhatIsStarted() {
    for (Step step : List.of(Step.STARTING, Step.STARTED)) {
      assertThat(afterClone(record(step), SETTINGS)).isEqualTo(new Supervise(""));
      assertThat(afterClone(record(step), with(Statuses.running(0)))).isEqualTo(new Supervise(""));
    }
  }

  @Test
  void repeatsAChangeOfTheLoginThatWasCutOff() {
    ReplicationRecord reconnecting = record(Step.RECONNECTING);
    for (ReplicaStatus found :
        List.of(Statuses.neverStarted(), Statuses.running(0), Statuses.threads(false, false))) {
      assertThat(afterClone(reconnecting, with(found))).isEqualTo(new Reconnect("", reconnecting));
    }
    // What goes for STARTED goes for it, too: the coordinates are history.
    assertThat(afterClone(reconnecting, NO_SETTINGS)).isEqualTo(new ConfigureFromServer());
    assertRefused(
        afterClone(record(Step.RECONNECTING, Positioning.BINLOG), NO_SETTINGS),
        "has lost its replication settings",
        "clone this replica again");
    assertRefused(
        afterClone(reconnecting, with(Statuses.running(0), Statuses.running(0))),
        "follows 2 sources",
        "leave one");
  }

  @Test
  void setsUpAgainByGtidWhatTheServerLost() {
    assertThat(afterClone(record(Step.STARTED), NO_SETTINGS)).isEqualTo(new ConfigureFromServer());
  }

  @Test
  void namesALossThatLeavesNoTrace() {
    assertRefused(
        afterClone(record(Step.STARTED, Positioning.BINLOG), NO_SETTINGS),
        "has lost its replication settings",
        "clone this replica again");
    assertRefused(
        afterClone(record(Step.STARTED), new ServerFacts(List.of(), false, Optional.empty())),
        "has lost its replication settings",
        "clone this replica again");
  }

  @Test
  void leavesAloneWhatAPersonRemovedFromTheRunningServer() {
    assertRefused(
        afterClone(record(Step.STARTED), new ServerFacts(List.of(), true, HELD)),
        "somebody has removed",
        "restart mysqld");
  }

  @Test
  void refusesACloneWithoutCoordinates() {
    assertRefused(
        SetupPlan.decide(
            Optional.empty(), Optional.of(manifest("c", null)), Optional.empty(), NO_SETTINGS),
        "the donor mysql-0 writes no binary log",
        "log-bin");
  }

  @Test
  void takesFromTheServerWhatACloneOfThePluginHolds() {
    ReplicationCoordinates held =
        new ReplicationCoordinates(null, "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5");
    assertThat(afterPlugin(NO_SETTINGS)).isEqualTo(new Begin("clone-1", held));
    // A replica's settings come along with its tables.
    assertThat(afterPlugin(SETTINGS)).isEqualTo(new Begin("clone-1", held));
    assertThat(afterPlugin(with(Statuses.running(0)))).isEqualTo(new Spoil("clone-1", held));
  }

  @Test
  void refusesACloneOfThePluginThatDoesNotKnowWhatItHolds() {
    assertRefused(
        afterPlugin(new ServerFacts(List.of(), false, Optional.empty())),
        "does not know by GTID what its data holds",
        "gtid_mode=ON");
  }

  private static SetupPlan afterPlugin(ServerFacts server) {
    CloneManifest manifest =
        new CloneManifest("clone-1", "mysql-0", "", "clone-plugin", "", "", "", 1, "", null);
    return SetupPlan.decide(Optional.empty(), Optional.of(manifest), Optional.empty(), server);
  }

  @Test
  void adoptsAServerThatReplicatesAlready() {
    assertThat(withoutJournal(Optional.empty(), SETTINGS))
        .isEqualTo(new Adopt(Statuses.neverStarted()));
    // The example was cut off between START SLAVE and the renaming of its file.
    assertThat(withoutJournal(Optional.of(COORDINATES), SETTINGS)).isInstanceOf(Adopt.class);
  }

  @Test
  void adoptsThePositionThatTheExampleHasNotUsed() {
    assertThat(withoutJournal(Optional.of(COORDINATES), NO_SETTINGS))
        .isEqualTo(new Begin(null, COORDINATES));
  }

  @Test
  void refusesToGuess() {
    assertRefused(
        withoutJournal(Optional.empty(), NO_SETTINGS),
        "nothing tells where",
        "clone this replica again");
    assertRefused(
        withoutJournal(Optional.empty(), with(Statuses.running(0), Statuses.running(0))),
        "follows 2 sources (mysql-0.mysql, mysql-0.mysql)",
        "leave one");
  }
}
