package mysqlagents.clone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import mysqlagents.wire.Json;
import mysqlagents.wire.Receipt;
import mysqlagents.xbstream.ReceivedStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// XtraBackup's backups, which no server of the tests can give. Those of the other engines are put
/// to the test by [CloneAttemptTest] and [CloneDonationTest].
final class CompletenessTest {
  private static final Set<String> OF_EACH =
      Set.of("backup-my.cnf", "xtrabackup_logfile", "xtrabackup_checkpoints", "xtrabackup_info");

  @ParameterizedTest
  @CsvSource({
    "8.0.35-33, xtrabackup_tablespaces",
    "8.4.0-3, xtrabackup_tablespaces.zst",
    "9.1.0-1, xtrabackup_tablespaces.lz4",
    "2.4.29, ibdata1"
  })
  void aWholeBackupIsAccepted(String version, String member) throws Exception {
    Receipt receipt = Completeness.verify(received(version, with(member)), "a file");
    assertThat(receipt.toolVersion()).isEqualTo(version);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.0.35-33", "8.4.0-3", "9.1.0-1"})
  void fromVersion8OnTheListOfTablespacesIsNeeded(String version) {
    assertThatThrownBy(() -> Completeness.verify(received(version, OF_EACH), "a file"))
        .isInstanceOf(DonorException.class)
        .hasMessage("the backup of a file lacks xtrabackup_tablespaces");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "backup-my.cnf",
        "xtrabackup_logfile",
        "xtrabackup_checkpoints",
        "xtrabackup_info"
      })
  void whatEachBackupHasIsNeeded(String missing) {
    Set<String> members = with("xtrabackup_tablespaces");
    members.remove(missing);
    assertThatThrownBy(() -> Completeness.verify(received("8.0.35-33", members), "a file"))
        .isInstanceOf(DonorException.class)
        .hasMessage("the backup of a file lacks " + missing);
  }

  private static Set<String> with(String member) {
    Set<String> members = new HashSet<>(OF_EACH);
    members.add(member);
    return members;
  }

  private static ReceivedStream received(String toolVersion, Set<String> members) {
    Receipt receipt =
        new Receipt(
            Receipt.LAYOUT, "id", "mysql-0", "xtrabackup", toolVersion, "8.0.35", 0, 7, "digest");
    return new ReceivedStream(members, 7, "digest", Json.write(receipt).getBytes(UTF_8));
  }
}
