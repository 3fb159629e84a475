package mysqlagents.lab.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import mysqlagents.testbed.ChildProcess;

/// What the well-known example does: ncat on both sides, mbstream, prepare.
record BashPipeline(Donor donor) implements Contestant {
  private static final int PORT = 3307;

  @Override
  public String name() {
    return "bash pipeline";
  }

  @Override
  public Run run() throws IOException {
    Path copy = donor.emptyCopy();
    donor.settle();
    String host = donor.net().pod(0);
    ChildProcess listener =
        ChildProcess.start(
            List.of(
                "ncat",
                "--listen",
                "--keep-open",
                "--send-only",
                "--max-conns=1",
                host,
                Integer.toString(PORT),
                "-c",
                donor.backupCommand()),
            Map.of(),
            donor.root().resolve("ncat.log"));
    SequencedMap<String, Double> stages = new LinkedHashMap<>();
    try {
      awaitListener(host);
      stages.put(
          Run.COPY,
          donor.bash(
              "set -o pipefail; ncat --recv-only %s %d | mbstream -x -C %s"
                  .formatted(host, PORT, copy)));
    } finally {
      listener.killAll();
    }
    stages.put(
        "prepare", donor.bash("mariadb-backup --no-defaults --prepare --target-dir=" + copy));
    return new Run(stages, Map.of());
  }

  /// The kernel's table tells; to connect would start a backup.
  private void awaitListener(String host) throws IOException {
    donor.bash(
        "for i in $(seq 100); do ss -Hltn 'src %s:%d' | grep -q . && exit 0; sleep 0.05; done; exit 1"
            .formatted(host, PORT));
  }
}
