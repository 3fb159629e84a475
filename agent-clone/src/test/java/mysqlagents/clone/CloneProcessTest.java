package mysqlagents.clone;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import mysqlagents.files.Sizes;
import mysqlagents.files.Volume;
import mysqlagents.journal.Journal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// agent-clone as a process: what it leaves on the volume, in whatever way it ends.
@Timeout(600)
final class CloneProcessTest {
  private static final TestBackup BACKUP = TestBackup.of(300_000);

  @TempDir private Path root;
  private final List<ScriptedDonor> donors = new ArrayList<>();
  private Volume volume = new Volume(Path.of(""));
  private Map<String, String> variables = Map.of();
  private int port;

  @BeforeEach
  void makeAVolume() throws IOException {
    volume = new Volume(Files.createDirectory(root.resolve("volume")).toRealPath());
    port = ScriptedDonor.freePort();
    variables = new HashMap<>();
    variables.put("TLS", "off");
    variables.putAll(
        Map.of(
            "POD_NAME",
            "mysql-1",
            "VOLUME_DIRECTORY",
            volume.root().toString(),
            "PEER_ADDRESS",
            "127.0.11.{ordinal}",
            "LISTEN_ADDRESS",
            "127.0.11.1",
            "BACKUP_PORT",
            Integer.toString(port),
            "MARIADB_BACKUP_PROGRAM",
            FakeTool.succeeding(root).toString()));
  }

  @AfterEach
  void close() throws IOException {
    for (ScriptedDonor donor : donors) {
      donor.close();
    }
  }

  private ScriptedDonor pod(int ordinal, ScriptedDonor.Script script) throws IOException {
    ScriptedDonor donor = new ScriptedDonor("127.0.11." + ordinal, port, script);
    donors.add(donor);
    return donor;
  }

  private AgentProcess start(String... flags) throws IOException {
    return AgentProcess.start(root, List.of(), List.of(flags), variables);
  }

  private AgentProcess.End run(String... flags) throws Exception {
    try (AgentProcess agent = start(flags)) {
      return agent.await();
    }
  }

  private Journal journal() {
    return new Journal(volume.agent());
  }

  /// Sends the stream within about a third of a second.
  private static ScriptedDonor.Script slowly() {
    byte[] stream = BACKUP.received("mysql-0");
    return (path, out) -> {
      if (path.equals("/backup")) {
        ScriptedDonor.writeHead(out, stream.length, Map.of());
        int piece = stream.length / 30 + 1;
        for (int at = 0; at < stream.length; at += piece) {
          ScriptedDonor.writeChunks(out, stream, at, Math.min(stream.length, at + piece), piece);
          Thread.sleep(10);
        }
        out.write("0\r\n\r\n".getBytes(ISO_8859_1));
      }
    };
  }

  /// Law 5. The volume may be the only place with room for it.
  @Test
  void aBackupInStagingIsNotClearedAway() throws Exception {
    Path backup = Files.createDirectory(volume.staging()).resolve("backup.xbs");
    Files.write(backup, BACKUP.received("mysql-0"));
    variables.put("RESTORE_FROM", backup.toString());

    AgentProcess.End end = run();

    assertThat(end.exitCode()).isEqualTo(78);
    assertThat(end.log()).contains("move the file out of there; nothing has been touched");
    assertThat(backup).exists();
  }

  @Test
  void clonesAndSaysSoToPeopleAndMachines() throws Exception {
    pod(0, ScriptedDonor.giving(BACKUP.received("mysql-0")));
    AgentProcess.End end = run();

    assertThat(end.exitCode()).as(end.log()).isZero();
    BACKUP.assertWholeIn(volume.data());
    assertThat(end.output())
        .matches(
            "\\{\"result\":\"cloned\",\"pod\":\"mysql-1\",\"donor\":\"mysql-0\",\"cloneId\":\"%s\",\"bytes\":%d,\"digest\":\"crc32\\+crc32c:[0-9a-f]{16}\",\"seconds\":\\{\"receive\":[0-9.]+,\"decompress\":[0-9.]+,\"prepare\":[0-9.]+,\"sync\":[0-9.]+,\"promote\":[0-9.]+\\}\\}\n"
                .formatted(TestBackup.ID, BACKUP.stream().length));
    assertThat(end.terminationMessage())
        .startsWith(
            "mysql-1 was cloned from mysql-0: %s in "
                .formatted(Sizes.text(BACKUP.stream().length)));
    assertThat(end.log().lines().filter(line -> !line.contains(" INFO ")))
        .singleElement()
        .asString()
        .endsWith(
            " WARN TLS=off: backups come unencrypted from whoever answers under the donor's name");
    assertThat(end.log().lines()).hasSizeLessThan(10);

    // What there is, is kept, and nobody is asked.
    donors.getFirst().close();
    end = run();
    assertThat(end.exitCode()).isZero();
    assertThat(end.output()).isEqualTo("{\"result\":\"kept\",\"pod\":\"mysql-1\"}\n");
    BACKUP.assertWholeIn(volume.data());
    assertThat(journal().cloneManifest()).isPresent();
  }

  /// Law 1, against a kill at any moment.
  @Test
  void aKillAtAnyMomentLeavesTheDataAbsentOrWhole() throws Exception {
    pod(0, slowly());
    FakeTool.write(root, "10.11.19-MariaDB", "sleep 0.1; " + FakeTool.SUCCEED);
    long start = System.nanoTime();
    assertThat(run().exitCode()).isZero();
    long undisturbed = (System.nanoTime() - start) / 1_000_000;
    wipe();

    Random random = new Random(7);
    int promoted = 0;
    for (int kill = 0; kill < 23; kill++) {
      try (AgentProcess agent = start()) {
        Thread.sleep(random.nextLong(undisturbed + 50));
        agent.kill();
      }
      promoted += requireAbsentOrWhole();
    }
    // And at the moments that matter, as near as they can be seen from outside.
    for (String sight :
        List.of(
            "staging",
            "staging/ibdata1",
            "staging/xtrabackup_info",
            "staging/" + FakeTool.MARK,
            "agent/clone.json",
            "agent/.clone.json.tmp",
            "mysql")) {
      try (AgentProcess agent = start()) {
        Path file = volume.root().resolve(sight);
        while (agent.isAlive() && !Files.exists(file)) {
          Thread.onSpinWait();
        }
        agent.kill();
      }
      promoted += requireAbsentOrWhole();
    }
    assertThat(promoted).as("kills after the promotion").isLessThan(30);

    AgentProcess.End end = run();
    assertThat(end.exitCode()).as(end.log()).isZero();
    BACKUP.assertWholeIn(volume.data());
    assertThat(journal().cloneManifest()).isPresent();
    assertThat(volume.root().toFile().list())
        .containsExactlyInAnyOrder("agent", "donation", "mysql");
    assertThat(ProcessHandle.allProcesses().filter(this::isOurPrepare)).isEmpty();
  }

  /// @return 1 if the data is there, which is then taken away for the next try
  private int requireAbsentOrWhole() throws IOException {
    if (!Files.exists(volume.data())) {
      return 0;
    }
    BACKUP.assertWholeIn(volume.data());
    assertThat(journal().cloneManifest().orElseThrow().cloneId()).isEqualTo(TestBackup.ID);
    wipe();
    return 1;
  }

  private void wipe() throws IOException {
    new Staging(volume.data()).remove();
  }

  private boolean isOurPrepare(ProcessHandle process) {
    return List.of(process.info().arguments().orElse(new String[0]))
        .contains("--target-dir=" + volume.staging());
  }

  @Test
  void anOrphanOfAKilledAgentIsEnded() throws Exception {
    pod(0, ScriptedDonor.giving(BACKUP.received("mysql-0")));
    FakeTool.write(root, "10.11.19-MariaDB", "sleep 1000");
    try (AgentProcess agent = start()) {
      await()
          .atMost(AgentProcess.START_LIMIT)
          .until(() -> Files.exists(volume.staging().resolve(FakeTool.MARK)));
      agent.kill();
    }
    ProcessHandle orphan =
        ProcessHandle.allProcesses().filter(this::isOurPrepare).findFirst().orElseThrow();
    List<ProcessHandle> all = new ArrayList<>(orphan.descendants().toList());

    FakeTool.succeeding(root);
    AgentProcess.End end = run();

    all.forEach(ProcessHandle::destroyForcibly);
    assertThat(end.exitCode()).as(end.log()).isZero();
    assertThat(end.log())
        .contains(
            "WARN ended process %d, which an earlier agent-clone left at work"
                .formatted(orphan.pid()));
    assertThat(orphan.isAlive()).isFalse();
    BACKUP.assertWholeIn(volume.data());
  }

  @Test
  void terminationEndsItAtOnceWithItsPrepare() throws Exception {
    pod(0, ScriptedDonor.giving(BACKUP.received("mysql-0")));
    FakeTool.write(root, "10.11.19-MariaDB", "sleep 1000; " + FakeTool.SUCCEED);
    try (AgentProcess agent = start()) {
      await()
          .atMost(AgentProcess.START_LIMIT)
          .until(() -> Files.exists(volume.staging().resolve(FakeTool.MARK)));
      await().until(() -> agent.handle().descendants().count() >= 2);
      List<ProcessHandle> children = agent.handle().descendants().toList();
      long start = System.nanoTime();
      agent.terminate();
      assertThat(agent.await().exitCode()).isEqualTo(128 + 15);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      await().until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }
    assertThat(volume.data()).doesNotExist();
  }

  @Test
  void aFullVolumeIsNamedAndNothingIsPromoted() throws Exception {
    TestBackup large = TestBackup.of(3_000_000);
    pod(0, ScriptedDonor.giving(large.received("mysql-0"), Map.of("Backup-Size", "1000")));
    // No file may have more than 512,000 bytes: the kernel's answer differs from that of a full
    // disk by its text alone.
    List<String> limited = List.of("sh", "-c", "ulimit -f 1000; exec \"$@\"", "sh");
    try (AgentProcess agent = AgentProcess.start(root, limited, List.of(), variables)) {
      AgentProcess.End end = agent.await();
      assertThat(end.exitCode()).as(end.log()).isEqualTo(74);
      assertThat(end.terminationMessage())
          .startsWith(
              "agent-clone: cannot keep the clone: %s/ibdata1: ".formatted(volume.staging()))
          .contains("File too large")
          .contains("what to do: see that %s has space left".formatted(volume.root()));
    }
    assertThat(volume.data()).doesNotExist();
    assertThat(volume.staging()).doesNotExist();
  }

  @Test
  void leftoversOfAnEarlierAttemptAreClearedFirst() throws Exception {
    pod(0, ScriptedDonor.giving(BACKUP.received("mysql-0")));
    Files.createDirectories(volume.staging().resolve("mysql"));
    Files.writeString(volume.staging().resolve("mysql/user.frm"), "half");
    Files.createDirectory(volume.data());
    Files.createDirectory(volume.agent());
    Files.writeString(volume.agent().resolve("replication.json"), "of data that is gone");
    Files.writeString(volume.root().resolve("lost+found"), "not ours");
    assertThat(run().exitCode()).isZero();
    BACKUP.assertWholeIn(volume.data());
    assertThat(journal().replication()).isEmpty();
    assertThat(volume.root().resolve("lost+found")).hasContent("not ours");
  }

  @Test
  void filesOfSomebodyElseAreRefusedAndKept() throws Exception {
    Files.createDirectory(volume.data());
    Path photo = Files.writeString(volume.data().resolve("photo"), "precious");
    AgentProcess.End end = run();
    assertThat(end.exitCode()).isEqualTo(77);
    assertThat(end.terminationMessage())
        .startsWith(
            "agent-clone: %s holds photo but no directory mysql: ".formatted(volume.data()));
    assertThat(photo).hasContent("precious");
  }

  @Test
  void aVolumeThatCannotBeWrittenIsNamed() throws Exception {
    Files.createFile(volume.agent());
    AgentProcess.End end = run();
    assertThat(end.exitCode()).isEqualTo(74);
    assertThat(end.terminationMessage())
        .isEqualTo(
            "agent-clone: %s: file already exists\nagent-clone: what to do: see that this container's user may read and write there, and that the disk is not full"
                .formatted(volume.agent()));
  }

  @Test
  void aMissingVolumeIsNamed() throws Exception {
    variables.put("VOLUME_DIRECTORY", root.resolve("none").toString());
    AgentProcess.End end = run();
    assertThat(end.exitCode()).isEqualTo(78);
    assertThat(end.terminationMessage())
        .startsWith("agent-clone: there is no directory %s\n".formatted(root.resolve("none")));
  }

  @Test
  void twoNeverWorkOnOneVolume() throws Exception {
    ScriptedDonor[] donor = new ScriptedDonor[1];
    donor[0] = pod(0, (_, _) -> donor[0].holdUntilClosed());
    try (AgentProcess first = start()) {
      await().atMost(AgentProcess.START_LIMIT).until(() -> donor[0].backupsAsked() == 1);
      AgentProcess.End second = run();
      assertThat(second.exitCode()).isEqualTo(77);
      assertThat(second.terminationMessage())
          .startsWith("agent-clone: another agent-clone is at work on " + volume.root());
      assertThat(first.isAlive()).isTrue();
    }
  }

  // ---- law 4, with real names

  private String hosts(String lines) throws IOException {
    Path file =
        Files.writeString(root.resolve("hosts"), lines + "127.0.0.1 kubernetes.default.svc\n");
    variables.put("POD_NAME", "mysql-0");
    variables.put("PEER_ADDRESS", "{pod}.{service}");
    variables.put("LISTEN_ADDRESS", "127.0.11.0");
    return "-Djdk.net.hosts.file=" + file;
  }

  @Test
  void anEmptyPrimaryRefusesToStartInALivingSet() throws Exception {
    pod(1, ScriptedDonor.status("mysql-1", false));
    pod(2, ScriptedDonor.status("mysql-2", true));
    AgentProcess.End end =
        run(
            hosts(
                "127.0.11.0 mysql\n127.0.11.1 mysql\n127.0.11.2 mysql\n127.0.11.0 mysql-0.mysql\n"));
    assertThat(end.exitCode()).as(end.log()).isEqualTo(77);
    assertThat(end.terminationMessage())
        .startsWith(
            "agent-clone: mysql-0 is empty, but mysql-2 (127.0.11.2) holds 4.0 KiB of data: an empty primary would cut the set in two\n"
                + "agent-clone: what to do: give mysql-0 its volume back; or copy");
    assertThat(end.output()).isEmpty();
    assertThat(volume.data()).doesNotExist();
  }

  /// Which of them is furthest ahead only a person can find out.
  @Test
  void allPodsThatHoldDataAreNamed() throws Exception {
    pod(1, ScriptedDonor.status("mysql-1", true));
    pod(3, ScriptedDonor.status("mysql-3", true));
    AgentProcess.End end =
        run(
            hosts(
                "127.0.11.0 mysql\n127.0.11.1 mysql\n127.0.11.2 mysql\n127.0.11.3 mysql\n127.0.11.0 mysql-0.mysql\n"));
    assertThat(end.exitCode()).as(end.log()).isEqualTo(77);
    assertThat(end.terminationMessage())
        .startsWith(
            "agent-clone: mysql-0 is empty, but mysql-1 (127.0.11.1) holds 4.0 KiB of data, and mysql-3 (127.0.11.3) holds 4.0 KiB of data: an empty primary would cut the set in two\n");
    assertThat(volume.data()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "127.0.11.0 mysql\n127.0.11.0 mysql-0.mysql\n",
        "127.0.11.0 mysql\n127.0.11.1 mysql\n127.0.11.0 mysql-0.mysql\n",
      })
  void aNewSetStarts(String lines) throws Exception {
    pod(1, ScriptedDonor.status("mysql-1", false));
    Files.createDirectory(volume.agent());
    Files.writeString(volume.agent().resolve("clone.json"), "of data that is gone");
    AgentProcess.End end = run(hosts(lines));
    assertThat(end.exitCode()).as(end.log()).isZero();
    assertThat(end.output()).isEqualTo("{\"result\":\"empty\",\"pod\":\"mysql-0\"}\n");
    assertThat(end.terminationMessage()).isEqualTo("mysql-0 starts empty");
    assertThat(volume.data()).doesNotExist();
    assertThat(journal().cloneManifest()).isEmpty();
  }

  /// All pods of a new set at once: each tells the others that it is empty.
  @Test
  void aPrimaryAndAReplicaThatStartTogetherFindEachOther() throws Exception {
    String flag = hosts("127.0.11.0 mysql\n127.0.11.1 mysql\n127.0.11.0 mysql-0.mysql\n");
    Map<String, String> replica = new HashMap<>(variables);
    Path other = Files.createDirectory(root.resolve("replica"));
    replica.put("POD_NAME", "mysql-1");
    replica.put("VOLUME_DIRECTORY", Files.createDirectory(other.resolve("volume")).toString());
    replica.put("LISTEN_ADDRESS", "127.0.11.1");
    try (AgentProcess primary = start(flag)) {
      await()
          .atMost(AgentProcess.START_LIMIT)
          .until(() -> primary.log().contains("waiting to know whether the set is empty"));
      try (AgentProcess waiting = AgentProcess.start(other, List.of(), List.of(flag), replica)) {
        assertThat(primary.await().exitCode()).isZero();
        assertThat(waiting.isAlive()).isTrue();
      }
    }
  }
}
