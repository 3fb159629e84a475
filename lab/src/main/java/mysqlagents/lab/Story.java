package mysqlagents.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import mysqlagents.testbed.Checksums;

/// The example's story: come up, write, read, grow, shrink, grow again, shrink for good.
///
/// Each step shows what a user sees and fails if that is not what should be seen.
final class Story {
  private static final Duration READY_LIMIT = Duration.ofMinutes(3);
  private static final Duration REPLICATION_LIMIT = Duration.ofSeconds(60);
  private static final String SELECT = "SELECT @@server_id, message FROM test.messages";
  private static final int READS = 9;
  private static final int MOST_REPLICAS = 5;

  private final MiniatureStatefulSet set;
  private final Narrator narrator;
  private final SqlClient sql;
  private final String readAddress;

  /// @param readAddress the read endpoint's
  Story(MiniatureStatefulSet set, Narrator narrator, String readAddress) {
    this.set = set;
    this.narrator = narrator;
    this.sql = new SqlClient(set, narrator);
    this.readAddress = readAddress;
  }

  void play() throws IOException, SQLException {
    narrator.step("Three pods come up in order; each but the first clones the one before it");
    scale(3);

    narrator.step("Write on the primary");
    sql.run(
        0,
        "CREATE DATABASE test",
        "CREATE TABLE test.messages (message VARCHAR(250))",
        "INSERT INTO test.messages VALUES ('hello')");

    narrator.step("Read the row from the replicas, which take no writes");
    sql.showOnceReplicated(1, SELECT, 1);
    sql.showOnceReplicated(2, SELECT, 1);
    sql.expectRefusal(2, "INSERT INTO test.messages VALUES ('to a replica')");

    narrator.step("Read through the endpoint that goes round the ready pods");
    readFromAll();

    narrator.step("Ask for the data as a stranger: without the set's certificate there is nothing");
    refuseStrangers();

    narrator.step("Grow to five");
    scale(5);
    sql.showOnceReplicated(3, SELECT, 1);
    sql.showOnceReplicated(4, SELECT, 1);

    narrator.step("Shrink to three; the volumes of the other two stay");
    scale(3);
    showVolumes();

    narrator.step("Write while two are away, grow to five again: no clone, they catch up");
    sql.run(0, "INSERT INTO test.messages VALUES ('while you were away')");
    growWithoutClone();
    sql.showOnceReplicated(3, SELECT, 2);
    sql.showOnceReplicated(4, SELECT, 2);

    narrator.step("All five hold the same: checksums of all tables");
    compareAll();

    narrator.step("Shrink to three for good");
    scale(3);
    narrator.command("kubectl delete pvc data-mysql-3 data-mysql-4");
    set.deleteVolume(3);
    set.deleteVolume(4);
    showVolumes();
  }

  private void scale(int replicas) throws IOException {
    narrator.command("kubectl scale statefulset mysql --replicas=" + replicas);
    long begin = System.nanoTime();
    try (LogFollower _ = new LogFollower(set, narrator, MOST_REPLICAS)) {
      set.scale(replicas, READY_LIMIT);
    }
    String names = String.join(", ", set.pods().stream().map(Pod::name).toList());
    narrator.say("running: %s  [%s]".formatted(names, Narrator.seconds(System.nanoTime() - begin)));
  }

  private void readFromAll() throws IOException, SQLException {
    narrator.command(
        "while sleep 1; do %s -h mysql-read -Ne 'SELECT @@server_id, NOW()'; done"
            .formatted(sql.program()));
    TreeSet<String> servers = new TreeSet<>();
    for (int i = 0; i < READS; i++) {
      List<String> row = sql.query(readAddress, "SELECT @@server_id, NOW()").rows().getFirst();
      narrator.say(String.join("\t", row));
      servers.add(row.getFirst());
    }
    if (!servers.equals(new TreeSet<>(List.of("100", "101", "102")))) {
      throw new IOException("not all of 100, 101 and 102 answered, only " + servers);
    }
  }

  private void refuseStrangers() throws IOException {
    Stranger stranger = new Stranger(set.net().pod(1));
    narrator.command("curl http://mysql-1.mysql:3307/backup");
    refused(stranger.askInTheClear());
    narrator.command("curl --insecure https://mysql-1.mysql:3307/backup");
    refused(stranger.askOverTls());
  }

  private void refused(String answer) throws IOException {
    narrator.say(answer);
    if (answer.startsWith("HTTP/")) {
      throw new IOException("a stranger was listened to");
    }
  }

  /// The kept volumes hold their data: what agent-clone noted of the first clone must not change.
  private void growWithoutClone() throws IOException {
    Map<Integer, String> before = new HashMap<>();
    for (int ordinal : List.of(3, 4)) {
      before.put(ordinal, Files.readString(manifest(ordinal)));
    }
    scale(5);
    for (int ordinal : List.of(3, 4)) {
      if (!Files.readString(manifest(ordinal)).equals(before.get(ordinal))) {
        throw new IOException("mysql-%d cloned again".formatted(ordinal));
      }
    }
    narrator.say("mysql-3 and mysql-4: data from their first clone, as their manifests say");
  }

  private Path manifest(int ordinal) {
    return set.volume(ordinal).resolve("agent").resolve("clone.json");
  }

  private void compareAll() throws IOException, SQLException {
    Checksums primary = checksums(0);
    for (int ordinal = 1; ordinal < 5; ordinal++) {
      int replica = ordinal;
      if (!Waiting.until(REPLICATION_LIMIT, () -> checksums(replica).equals(primary))) {
        throw new IOException(
            "mysql-%d differs from mysql-0:%n%s%n%s"
                .formatted(ordinal, checksums(ordinal), primary));
      }
    }
    primary
        .tables()
        .forEach((table, state) -> narrator.say("%s %d on all".formatted(table, state.rows())));
  }

  private Checksums checksums(int ordinal) throws SQLException {
    try (Connection connection = set.connect(ordinal)) {
      return Checksums.of(connection);
    }
  }

  private void showVolumes() throws IOException {
    narrator.command("kubectl get pvc -o name");
    Path parent = set.volume(0).getParent();
    if (parent == null) {
      throw new IllegalStateException("a volume lies in a directory");
    }
    try (var volumes = Files.list(parent)) {
      volumes.sorted().forEach(volume -> narrator.say(String.valueOf(volume.getFileName())));
    }
  }
}
