package mysqlagents.sidecar.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mysqlagents.backup.BinlogPosition;
import mysqlagents.backup.ReplicationCoordinates;
import mysqlagents.journal.ReplicationRecord.Positioning;
import mysqlagents.main.AgentFailure;
import org.junit.jupiter.api.Test;

class PositioningChoiceTest {
  private static final BinlogPosition PLACE = new BinlogPosition("mysql-bin.000001", 4);
  private static final ReplicationCoordinates BOTH = new ReplicationCoordinates(PLACE, "0-100-3");
  private static final ReplicationCoordinates PLACE_ONLY = new ReplicationCoordinates(PLACE, null);
  private static final ReplicationCoordinates SET_ONLY =
      new ReplicationCoordinates(null, "0-100-3");

  @Test
  void prefersGtidWhereItCan() throws AgentFailure {
    assertThat(PositioningChoice.AUTO.apply(BOTH, true)).isEqualTo(Positioning.GTID);
    assertThat(PositioningChoice.AUTO.apply(BOTH, false)).isEqualTo(Positioning.BINLOG);
    assertThat(PositioningChoice.AUTO.apply(PLACE_ONLY, true)).isEqualTo(Positioning.BINLOG);
    assertThat(PositioningChoice.AUTO.apply(SET_ONLY, true)).isEqualTo(Positioning.GTID);
  }

  @Test
  void doesAsItIsTold() throws AgentFailure {
    assertThat(PositioningChoice.GTID.apply(BOTH, true)).isEqualTo(Positioning.GTID);
    assertThat(PositioningChoice.BINLOG.apply(BOTH, true)).isEqualTo(Positioning.BINLOG);
  }

  @Test
  void saysWhyItCannot() {
    assertThatThrownBy(() -> PositioningChoice.GTID.apply(PLACE_ONLY, true))
        .isInstanceOf(AgentFailure.class)
        .hasMessage(
            "POSITIONING=gtid does not go with the clone's coordinates (mysql-bin.000001:4)");
    assertThatThrownBy(() -> PositioningChoice.BINLOG.apply(SET_ONLY, true))
        .hasMessageContaining("POSITIONING=binlog does not go with");
    assertThatThrownBy(() -> PositioningChoice.AUTO.apply(SET_ONLY, false))
        .isInstanceOfSatisfying(
            AgentFailure.class, failure -> assertThat(failure.remedy()).contains("gtid_mode=ON"))
        .hasMessageContaining("a server without gtid_mode=ON");
  }

  @Test
  void readsTheSetting() {
    assertThat(PositioningChoice.parse("gtid")).isEqualTo(PositioningChoice.GTID);
    assertThatThrownBy(() -> PositioningChoice.parse("GTID")).hasMessage("auto, gtid or binlog");
  }
}
