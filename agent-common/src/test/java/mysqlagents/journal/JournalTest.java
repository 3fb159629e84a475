package mysqlagents.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import mysqlagents.backup.BinlogPosition;
import mysqlagents.backup.ReplicationCoordinates;
import mysqlagents.journal.ReplicationRecord.Positioning;
import mysqlagents.journal.ReplicationRecord.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {
  private static final ReplicationCoordinates COORDINATES =
      new ReplicationCoordinates(new BinlogPosition("mysql-bin.000001", 4), "0-1-23");

  @TempDir Path volume;
  private Journal journal = new Journal(Path.of("unset"));

  @BeforeEach
  void inADirectoryThatDoesNotExistYet() {
    journal = new Journal(volume.resolve("agent"));
  }

  private static ReplicationRecord record(Step step, @Nullable ReplicationCoordinates coordinates) {
    return new ReplicationRecord(
        "an-id", step, coordinates, Positioning.GTID, "2026-11-22T10:00:00Z");
  }

  private static CloneManifest manifest() {
    return new CloneManifest(
        "an-id",
        "mysql-0",
        "10.11.19-MariaDB",
        "mariadb-backup",
        "10.11.19-MariaDB",
        "2026-11-22T10:00:00Z",
        "2026-11-22T10:01:00Z",
        4096,
        "crc32+crc32c:0011223344556677",
        COORDINATES);
  }

  @Test
  void isEmptyAtFirst() throws IOException {
    assertThat(journal.replication()).isEmpty();
    assertThat(journal.cloneManifest()).isEmpty();
    journal.clear();
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void givesBackWhatWasWritten(Step step) throws IOException {
    journal.write(record(step, COORDINATES));
    assertThat(journal.replication()).contains(record(step, COORDINATES));
  }

  @Test
  void keepsARecordWithoutCoordinates() throws IOException {
    journal.write(record(Step.STARTED, null));
    assertThat(journal.replication()).contains(record(Step.STARTED, null));
  }

  @Test
  void keepsTheManifestBesideTheRecord() throws IOException {
    journal.write(manifest());
    journal.write(record(Step.PLANNED, COORDINATES));
    assertThat(journal.cloneManifest()).contains(manifest());
    assertThat(journal.replication()).contains(record(Step.PLANNED, COORDINATES));
  }

  @Test
  void clearForgetsBoth() throws IOException {
    journal.write(manifest());
    journal.write(record(Step.PLANNED, COORDINATES));
    journal.clear();
    assertThat(journal.cloneManifest()).isEmpty();
    assertThat(journal.replication()).isEmpty();
  }

  @Test
  void leavesNothingBesideItsTwoFiles() throws IOException {
    journal.write(manifest());
    journal.write(record(Step.PLANNED, COORDINATES));
    journal.write(record(Step.STARTED, COORDINATES));
    try (Stream<Path> files = Files.list(volume.resolve("agent"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("clone.json", "replication.json");
    }
  }

  @Test
  void isNotReadableByOthers() throws IOException {
    journal.write(record(Step.PLANNED, COORDINATES));
    assertThat(Files.getPosixFilePermissions(volume.resolve("agent/replication.json")))
        .noneMatch(permission -> permission.name().startsWith("OTHERS"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "{\"step\": \"STARTED\"}",
        "{\"step\": \"HALFWAY\", \"positioning\": \"GTID\"}",
        "{\"step\": \"STARTED\", \"positioning\": \"GTID\", \"coordinates\": {}}",
        "{\"step\": \"STARTED\", \"positioning\": \"GTID\", \"coordinates\":"
            + " {\"gtidSet\": \"nonsense\"}}",
        "{\"step\": \"STARTED\", \"positioning\": \"GTID\", \"coordinates\":"
            + " {\"binlog\": {\"file\": \"b\", \"position\": -1}}}",
      })
  void neverTakesADamagedRecordForNone(String content) throws IOException {
    Path file = Files.createDirectories(volume.resolve("agent")).resolve("replication.json");
    Files.writeString(file, content);
    assertThatThrownBy(() -> journal.replication())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file.toString());
  }

  @Test
  void saysWhatIsWrongInADamagedRecord() throws IOException {
    Path file = Files.createDirectories(volume.resolve("agent")).resolve("replication.json");
    Files.writeString(file, "{\"step\": \"STARTED\"}");
    assertThatThrownBy(() -> journal.replication())
        .hasMessage(file + " is not what it should be: positioning is missing");
  }

  @Test
  void readsWhatALaterVersionHasAdded() throws IOException {
    Path file = Files.createDirectories(volume.resolve("agent")).resolve("replication.json");
    Files.writeString(
        file, "{\"step\": \"STARTED\", \"positioning\": \"BINLOG\", \"mood\": \"good\"}");
    assertThat(journal.replication().orElseThrow().positioning()).isEqualTo(Positioning.BINLOG);
  }

  @Test
  void saysWhichFileIsInTheWay() throws IOException {
    Files.createDirectories(volume.resolve("agent/replication.json"));
    assertThatThrownBy(() -> journal.replication())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Is a directory");
  }
}
