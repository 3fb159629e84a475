package mysqlagents.clone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static mysqlagents.clone.TestVolume.assertNothingCameOfIt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mysqlagents.files.Volume;
import mysqlagents.journal.CloneManifest;
import mysqlagents.journal.Journal;
import mysqlagents.settings.PodName;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.Donation;
import mysqlagents.wire.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One attempt at a donor whose mysqld copies itself, over real HTTP, onto a real volume, on a
/// machine without any backup tool.
@Timeout(60)
final class CloneDonationTest {
  private static final PodName DONOR = PodName.parse("mysql-0");
  private static final List<String> DIRECTORIES = List.of("#clone", "empty_db", "mysql", "test");

  @TempDir private Path root;
  private Volume volume = new Volume(Path.of(""));

  @BeforeEach
  void makeAVolume() throws IOException {
    volume = new Volume(Files.createDirectory(root.resolve("volume")));
  }

  private ScriptedDonor donor;

  @BeforeEach
  void startADonor() throws IOException {
    donor =
        new ScriptedDonor("127.0.9.0", ScriptedDonor.freePort(), ScriptedDonor.giving(new byte[0]));
  }

  @AfterEach
  void close() throws IOException {
    donor.close();
  }

  private static TestBackup copy(String description) {
    return TestBackup.ofPlugin(5_000)
        .with(BackupProtocol.DONATION_MEMBER, description.getBytes(UTF_8));
  }

  private static String description(long files, List<String> directories) {
    // The space is what is sent while mysqld copies.
    return "   " + Json.write(new Donation(Donation.LAYOUT, files, directories));
  }

  private CloneResult attempt(TestBackup backup) throws Exception {
    donor.become(
        ScriptedDonor.giving(
            backup.receivedOfPlugin("mysql-0"),
            Map.of("Backup-Tool", "clone-plugin", "Backup-Tool-Version", "8.0.33")));
    CloneSettings settings =
        CloneSettings.from(
            Map.of(
                "POD_NAME", "mysql-1",
                "TLS", "off",
                "VOLUME_DIRECTORY", volume.root().toString(),
                "PEER_ADDRESS", "127.0.9.{ordinal}",
                "BACKUP_PORT", Integer.toString(donor.port()),
                "MARIADB_BACKUP_PROGRAM", "/no/such/program",
                "XTRABACKUP_PROGRAM", "/no/such/program"));
    return new CloneAttempt(
            settings,
            Network.inTheClear(settings.backupPort()),
            new Staging(volume.staging()),
            new Journal(volume.agent()))
        .run(DONOR);
  }

  private DonorException failure(TestBackup backup) {
    return catchThrowableOfType(DonorException.class, () -> attempt(backup));
  }

  @Test
  void becomesTheDataDirectoryAsItIs() throws Exception {
    TestBackup copy = copy(description(TestBackup.FILES_OF_PLUGIN, DIRECTORIES));
    attempt(copy);

    copy.without(BackupProtocol.DONATION_MEMBER).assertMembersIn(volume.data());
    assertThat(volume.data().resolve(BackupProtocol.DONATION_MEMBER)).doesNotExist();
    assertThat(volume.data().resolve("mysql")).as("mysqld does not start without").isDirectory();
    assertThat(volume.data().resolve("empty_db")).isEmptyDirectory();
    CloneManifest manifest = new Journal(volume.agent()).cloneManifest().orElseThrow();
    assertThat(manifest.tool()).isEqualTo("clone-plugin");
    assertThat(manifest.coordinates()).as("the server itself knows").isNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, TestBackup.FILES_OF_PLUGIN - 1, TestBackup.FILES_OF_PLUGIN + 1})
  void refusesAnotherNumberOfFilesThanMysqldMade(long files) throws Exception {
    assertThat(failure(copy(description(files, DIRECTORIES))))
        .hasMessage(
            "mysqld of mysql-0 made a copy of %d files, and %d were received"
                .formatted(files, TestBackup.FILES_OF_PLUGIN));
    assertNothingCameOfIt(volume);
  }

  @ParameterizedTest
  @ValueSource(strings = {BackupProtocol.DONATION_MEMBER, "mysql.ibd", "ibdata1"})
  void refusesACopyThatLacksWhatEveryCopyHas(String member) throws Exception {
    assertThat(failure(copy(description(TestBackup.FILES_OF_PLUGIN, DIRECTORIES)).without(member)))
        .hasMessage("the backup of mysql-0 lacks " + member);
    assertNothingCameOfIt(volume);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../outside", "/outside", "a/../../outside", ""})
  void makesNoDirectoryOutsideOfStaging(String directory) throws Exception {
    assertThat(failure(copy(description(TestBackup.FILES_OF_PLUGIN, List.of(directory)))))
        .hasMessageStartingWith("mysql-0 names a directory that cannot be made: ");
    assertThat(root.resolve("outside")).doesNotExist();
    assertThat(volume.root().resolve("outside")).doesNotExist();
    assertNothingCameOfIt(volume);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"version\":1,\"files\":6", "nonsense"})
  void refusesADescriptionThatDoesNotRead(String description) throws Exception {
    assertThat(failure(copy(description)))
        .hasMessageStartingWith("what mysql-0 says of its donation ");
    assertNothingCameOfIt(volume);
  }

  @Test
  void refusesALayoutThatItDoesNotKnow() throws Exception {
    assertThat(failure(copy("{\"version\":2,\"files\":6,\"directories\":[]}")))
        .hasMessage("mysql-0 describes its donation in layout 2, and this pod reads 1");
    assertNothingCameOfIt(volume);
  }
}
