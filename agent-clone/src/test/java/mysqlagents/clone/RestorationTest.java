package mysqlagents.clone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static mysqlagents.clone.TestVolume.assertNothingCameOfIt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import mysqlagents.files.Sizes;
import mysqlagents.files.Volume;
import mysqlagents.journal.CloneManifest;
import mysqlagents.journal.Journal;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.Donation;
import mysqlagents.wire.Json;
import mysqlagents.wire.Receipt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A backup from a file onto a real volume, with a fake tool for prepare.
final class RestorationTest {
  private static final TestBackup BACKUP = TestBackup.of(5_000);

  @TempDir private Path root;
  private Volume volume = new Volume(Path.of(""));

  @BeforeEach
  void makeAVolume() throws IOException {
    volume = new Volume(Files.createDirectory(root.resolve("volume")));
    FakeTool.succeeding(root);
  }

  private CloneResult restore(byte[] content) throws Exception {
    return restoreInto("mysql-0", content);
  }

  private CloneResult restoreInto(String pod, byte[] content) throws Exception {
    Path file = Files.write(root.resolve("backup.xbs"), content);
    CloneSettings settings =
        CloneSettings.from(
            Map.of(
                "POD_NAME", pod,
                "VOLUME_DIRECTORY", volume.root().toString(),
                "RESTORE_FROM", file.toString(),
                "MARIADB_BACKUP_PROGRAM", root.resolve("mariadb-backup").toString()));
    return new Restoration(settings, new Staging(volume.staging()), new Journal(volume.agent()))
        .run(settings.restoreFrom().orElseThrow());
  }

  private AgentFailure failure(byte[] content) {
    return catchThrowableOfType(AgentFailure.class, () -> restore(content));
  }

  @Test
  void aWholeBackupBecomesTheDataDirectory() throws Exception {
    CloneResult result = restore(BACKUP.received("mysql-2"));

    BACKUP.assertWholeIn(volume.data());
    assertThat(volume.staging()).doesNotExist();
    assertThat(result.result()).isEqualTo("restored");
    assertThat(result.sentence())
        .startsWith(
            "mysql-0 was restored from a backup of mysql-2: %s in "
                .formatted(Sizes.text(BACKUP.stream().length)));
    CloneManifest manifest = new Journal(volume.agent()).cloneManifest().orElseThrow();
    assertThat(manifest.donor()).isEqualTo("mysql-2");
  }

  @Test
  void aDonationBecomesTheDataDirectoryWithoutAnyTool() throws Exception {
    Files.delete(root.resolve("mariadb-backup"));
    String description =
        Json.write(
            new Donation(Donation.LAYOUT, TestBackup.FILES_OF_PLUGIN, List.of("mysql", "test")));
    TestBackup copy =
        TestBackup.ofPlugin(5_000)
            .with(BackupProtocol.DONATION_MEMBER, description.getBytes(UTF_8));
    restore(copy.receivedOfPlugin("mysql-2"));

    copy.without(BackupProtocol.DONATION_MEMBER).assertMembersIn(volume.data());
    assertThat(volume.data().resolve("mysql")).isEmptyDirectory();
  }

  @Test
  void takesThePlaceOfNoData() throws Exception {
    Files.createDirectories(volume.data());
    Path precious = Files.writeString(volume.data().resolve("precious"), "kept");

    AgentFailure failure = failure(BACKUP.received("mysql-2"));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(failure)
        .hasMessage("%s holds data, and a backup takes the place of none", volume.data());
    assertThat(precious).hasContent("kept");
  }

  /// Law 2: a file that curl was cut off in, or that a disk has damaged.
  @Test
  void aFileThatIsCutAnywhereIsRefused() throws Exception {
    byte[] whole = BACKUP.received("mysql-2");
    for (int length : TestBackup.boundaries(whole)) {
      for (int cut : new int[] {length, length - 1}) {
        if (cut >= 0 && cut < whole.length) {
          AgentFailure failure = failure(Arrays.copyOf(whole, cut));
          assertThat(failure.exitCode()).as("cut at %d", cut).isEqualTo(ExitCode.FAILED);
          assertThat(failure.getMessage()).contains("backup.xbs");
          assertNothingCameOfIt(volume);
        }
      }
    }
  }

  @Test
  void aFlippedBitIsFound() throws Exception {
    byte[] whole = BACKUP.received("mysql-2");
    for (int at = 0; at < whole.length; at += 37) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      assertThat(failure(damaged)).as("bit in byte %d", at).isNotNull();
      assertNothingCameOfIt(volume);
    }
  }

  private static final TestBackup OF_MANY_SOURCES =
      BACKUP.with(
          "xtrabackup_slave_info",
          "CHANGE MASTER 'x' TO MASTER_LOG_FILE='a.000001', MASTER_LOG_POS=4;\n".getBytes(UTF_8));

  /// The primary follows nobody.
  @Test
  void thePrimaryNeedsNoPlace() throws Exception {
    restore(OF_MANY_SOURCES.received("mysql-2"));
    OF_MANY_SOURCES.assertWholeIn(volume.data());
    assertThat(new Journal(volume.agent()).cloneManifest().orElseThrow().coordinates()).isNull();
  }

  @Test
  void aReplicaIsToldWhyItsPlaceIsNotKnown() throws Exception {
    AgentFailure failure =
        catchThrowableOfType(
            AgentFailure.class, () -> restoreInto("mysql-1", OF_MANY_SOURCES.received("mysql-2")));
    assertThat(failure)
        .hasMessageContaining("backup.xbs does not tell its place in the primary's history: ")
        .hasMessageContaining("xtrabackup_slave_info");
    assertThat(failure.remedy()).startsWith("put it into mysql-0, which needs none");
    assertNothingCameOfIt(volume);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysqldump", ""})
  void aToolThatIsNotKnownIsNamed(String tool) throws Exception {
    byte[] backup =
        BACKUP.received(
            "mysql-2",
            truth ->
                new Receipt(
                    truth.version(),
                    truth.backupId(),
                    truth.donor(),
                    tool,
                    truth.toolVersion(),
                    truth.serverVersion(),
                    0,
                    truth.bytes(),
                    truth.digest()));
    assertThat(failure(backup))
        .hasMessageContaining("names the tool '%s'; expected mariadb-backup, xtrabackup", tool);
    assertNothingCameOfIt(volume);
  }

  @Test
  void aFileThatIsNotThereIsNamed() throws Exception {
    CloneSettings settings =
        CloneSettings.from(
            Map.of("POD_NAME", "mysql-0", "VOLUME_DIRECTORY", volume.root().toString()));
    Restoration restoration =
        new Restoration(settings, new Staging(volume.staging()), new Journal(volume.agent()));
    assertThat(
            catchThrowableOfType(IOException.class, () -> restoration.run("/no/such/backup.xbs")))
        .hasMessageContaining("/no/such/backup.xbs");
    assertNothingCameOfIt(volume);
  }
}
