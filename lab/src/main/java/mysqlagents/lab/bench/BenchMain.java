package mysqlagents.lab.bench;

import static java.lang.System.out;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import mysqlagents.files.Sizes;
import mysqlagents.lab.Certificates;
import mysqlagents.lab.OrderlyEnd;
import mysqlagents.main.AgentMain;
import mysqlagents.settings.Env;
import mysqlagents.testbed.LoopbackNet;
import mysqlagents.testbed.MariaDbServer;
import mysqlagents.testbed.TemporaryDirectory;

/// Measures how long a clone takes, against the bash pipeline and against the floor: the same
/// backup piped straight into `mbstream -x`.
public final class BenchMain {
  /// What is asked of us: at most half of the bash pipeline's time, at most a fifth above the
  /// floor.
  private static final double LIMIT_TO_BASH = 0.5;

  private static final double LIMIT_TO_FLOOR = 1.2;

  /// What a shell reports for a program that Ctrl-C has ended.
  private static final int INTERRUPTED = 130;

  private static final String PREFIX = "mysql-agents-bench-";

  /// A file system in memory.
  private static final Path MEMORY = Path.of("/dev/shm");

  private BenchMain() {}

  /// @param size of the data, in bytes
  /// @param rounds how often each way is measured; the medians are compared
  record Settings(long size, int rounds) {
    static Settings from(Env env) {
      return new Settings(
          env.integer("BENCH_MEBIBYTES", 16, 1 << 20, 4096) << 20,
          (int) env.integer("BENCH_ROUNDS", 1, 100, 3));
    }
  }

  /// Runs the benchmark; its settings are described by `make help`.
  public static void main(String[] arguments) throws Exception {
    System.exit(
        OrderlyEnd.run(() -> AgentMain.run("bench", BenchMain::run).value(), () -> INTERRUPTED));
  }

  private static void run() throws Exception {
    Settings settings = Env.parse(System.getenv(), Settings::from);
    try (TemporaryDirectory data = dataDirectory(settings.size());
        TemporaryDirectory directory = TemporaryDirectory.create(PREFIX);
        LoopbackNet net = LoopbackNet.reserve(3306, 3307, 9307)) {
      measure(settings, data.path(), directory.path(), net);
    }
  }

  private static void measure(Settings settings, Path data, Path directory, LoopbackNet net)
      throws IOException, SQLException {
    try (MariaDbServer server = startServer(data, net)) {
      try {
        out.printf(
            "making %s of data in %s; the copies go to %s%n",
            Sizes.text(settings.size()), data, directory);
        long bytes = BenchData.fill(server, settings.size());
        Scores scores = new Scores(contestants(server, net, directory), bytes);
        measure(scores, settings.rounds());
        scores.print(LIMIT_TO_BASH, LIMIT_TO_FLOOR);
      } finally {
        // Told to end by Ctrl-C: the server is still to be stopped with all the time it takes.
        Thread.interrupted();
      }
    }
  }

  /// mariadb-backup reads with `O_DIRECT`, past the page cache. Where the data lies on a disk, a
  /// slow one makes all ways equally slow, and a virtual one is a different one at each look.
  private static TemporaryDirectory dataDirectory(long size) throws IOException {
    if (Files.isDirectory(MEMORY) && MEMORY.toFile().getUsableSpace() > size * 2) {
      return TemporaryDirectory.create(MEMORY, PREFIX);
    }
    out.printf(
        "%s has no room for the donor's data: how fast the disk reads is part of each figure%n",
        MEMORY);
    return TemporaryDirectory.create(PREFIX);
  }

  private static List<Contestant> contestants(MariaDbServer server, LoopbackNet net, Path root)
      throws IOException {
    Donor donor = Donor.of(server, net, root);
    return List.of(
        new StraightPipe(donor),
        new BashPipeline(donor),
        new AgentsClone(donor, Optional.empty()),
        new AgentsClone(
            donor, Optional.of(Certificates.create(root.resolve("certificates"), net))));
  }

  private static void measure(Scores scores, int rounds) throws IOException {
    for (int round = 1; round <= rounds; round++) {
      for (Contestant contestant : order(scores.contestants(), round)) {
        out.printf("round %d of %d: %s:", round, rounds, contestant.name());
        Run run = contestant.run();
        out.printf(" %s%n", run.line());
        scores.add(contestant, run);
      }
    }
  }

  /// Who comes first may find other pages in memory than who comes last, so the order rotates.
  private static List<Contestant> order(List<Contestant> contestants, int round) {
    List<Contestant> order = new ArrayList<>(contestants);
    Collections.rotate(order, round - 1);
    return order;
  }

  private static MariaDbServer startServer(Path root, LoopbackNet net)
      throws IOException, SQLException {
    return MariaDbServer.builder()
        .address(net.pod(0))
        .port(3306)
        .binlog(true)
        .dataDirectory(root.resolve("volumes/mysql-0/mysql"))
        .options("--innodb-buffer-pool-size=512M", "--innodb-log-file-size=256M")
        .start();
  }
}
