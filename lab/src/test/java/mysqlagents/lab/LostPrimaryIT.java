package mysqlagents.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import mysqlagents.testbed.Checksums;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `docs/operations.md` has people do when mysql-0 has lost its volume, by the script that
/// `k8s/restore/copy.yaml` runs.
final class LostPrimaryIT {
  @TempDir private Path directory;
  private Path from = Path.of("");
  private Path to = Path.of("");

  private record Copy(int status, String says) {}

  @BeforeEach
  void makeVolumes() throws IOException {
    from = Files.createDirectory(directory.resolve("replica"));
    to = Files.createDirectory(directory.resolve("primary"));
  }

  /// By file and position a replica that goes on where its donor's server once stood reads another
  /// log; by GTID the backup itself says where.
  @ParameterizedTest
  @ValueSource(strings = {"binlog", "gtid"})
  void isGivenAReplicasDataAndTheSetGoesOn(String positioning) throws Exception {
    try (TestSet test = new TestSet("LostPrimaryIT-" + positioning)) {
      MiniatureStatefulSet set = test.set();
      set.template().variable("POSITIONING", positioning);
      set.scale(3, TestSet.READY_LIMIT);
      test.fill(1_000);
      test.assertAgreement();
      Checksums before = test.checksums(2);
      test.requireRefusalOfAnEmptyPrimary();
      assertThat(test.log(0, "agent-clone"))
          .contains("docs/operations.md says in 'mysql-0 has lost its volume'");

      set.scale(0, TestSet.READY_LIMIT);
      assertThat(copy(set.volume(2), set.volume(0))).isEqualTo(new Copy(0, "copied\n"));
      set.scale(1, TestSet.READY_LIMIT);
      assertThat(test.checksums(0)).isEqualTo(before);
      // Its server remembers where it stood as a replica, and its clones must not go on there.
      test.execute(0, "INSERT INTO shop.goods (stuff) VALUES ('after')");
      set.deleteVolume(1);
      set.deleteVolume(2);
      set.scale(3, TestSet.READY_LIMIT);

      test.assertAgreement();
      assertThat(test.value(2, "SELECT COUNT(*) FROM shop.goods")).isEqualTo("1001");
      assertThat(test.log(0, "agent-clone")).contains("mysql-0 keeps the data");
    }
  }

  @Test
  void neverTakesThePlaceOfData() throws Exception {
    Files.createDirectories(from.resolve("mysql/mysql"));
    Path row = Files.createDirectories(to.resolve("mysql/mysql")).resolve("row");
    Files.writeString(row, "dear");
    assertThat(copy(from, to).status()).isEqualTo(1);
    assertThat(copy(from, to).says()).endsWith("mysql-0 has data\n");
    assertThat(row).hasContent("dear");
    assertThat(to).isDirectoryNotContaining("glob:**restored");
  }

  @Test
  void copiesNothingForAReplicaWithoutData() throws Exception {
    assertThat(copy(from, to)).isEqualTo(new Copy(1, "the replica has no data\n"));
    assertThat(to).isEmptyDirectory();
  }

  /// A MySQL server with another's identity is refused by all that follow both.
  @Test
  void takesThePlaceOfAnEmptyDirectoryAndOfAnEarlierAttemptAndMakesAnotherServer()
      throws Exception {
    Files.createDirectories(from.resolve("mysql/mysql"));
    Files.writeString(from.resolve("mysql/auto.cnf"), "[auto]");
    Files.writeString(from.resolve("mysql/ibdata1"), "data");
    Files.createDirectory(to.resolve("mysql"));
    Files.createDirectories(to.resolve("restored/half"));
    assertThat(copy(from, to)).isEqualTo(new Copy(0, "copied\n"));
    assertThat(to.resolve("mysql/ibdata1")).hasContent("data");
    assertThat(to.resolve("mysql")).isDirectoryNotContaining("glob:**{auto.cnf,half}");
    assertThat(to).isDirectoryNotContaining("glob:**restored");
    assertThat(from.resolve("mysql/auto.cnf")).exists();
  }

  private static Copy copy(Path replica, Path primary) throws IOException, InterruptedException {
    String script = script().replace("/from/", replica + "/").replace("/to/", primary + "/");
    Process process = new ProcessBuilder("sh", "-euc", script).redirectErrorStream(true).start();
    String says = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Copy(process.waitFor(), says);
  }

  /// The block of text after `- |`.
  private static String script() throws IOException {
    String indentation = " ".repeat(10);
    return Files.readAllLines(Path.of("../k8s/restore/copy.yaml")).stream()
        .dropWhile(line -> !line.equals("        - |"))
        .skip(1)
        .takeWhile(line -> line.startsWith(indentation))
        .map(line -> line.substring(indentation.length()))
        .collect(Collectors.joining("\n"));
  }
}
