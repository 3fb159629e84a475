package mysqlagents.k8s;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// A backup by curl to a file and its way back, by the commands of docs/operations.md.
final class Backups {
  private static final String NAME = "agents";
  private static final String HEADING = "## Restore a backup";
  private static final String RESTORED = "\"result\":\"restored\"";
  private static final String CERTIFICATE = " --cert tls.crt --key tls.key";

  private final Timetable timetable;
  private final Terminal terminal;
  private final MysqlSet set;
  private final Rows rows;
  private final String take;
  private final RestoreSteps steps;
  private int saved;

  Backups(Timetable timetable, Terminal terminal, Kubectl kubectl, Rows rows, Settings settings)
      throws IOException {
    this.timetable = timetable;
    this.terminal = terminal;
    this.set = new MysqlSet(kubectl);
    this.rows = rows;
    Manual operations = Manual.page(settings, "operations.md");
    this.take = operations.blocks("## Take a backup to a file").getFirst();
    this.steps = RestoreSteps.in(operations);
  }

  /// The commands of the manual's steps, in their order.
  record RestoreSteps(
      String stop, String restore, String giveBack, String startPrimary, String startReplicas) {
    static RestoreSteps in(Manual operations) throws IOException {
      List<String> blocks = operations.blocks(HEADING, 5);
      return new RestoreSteps(
          blocks.get(0), blocks.get(1), blocks.get(2), blocks.get(3), blocks.get(4));
    }
  }

  /// Finds a set of three that was written to by `rows`, and leaves one.
  void play() throws IOException {
    timetable.step(NAME, "curl without a certificate asks 3307: nothing", this::takeAsStranger);
    timetable.step(NAME, "a backup by curl to a file", this::take);
    timetable.step(NAME, "a cut backup is refused, the old data given back", this::refuseCut);
    timetable.step(NAME, "the backup restored: its rows on mysql-0", this::restore);
    timetable.step(NAME, "the same rows on replicas that cloned anew", this::startReplicas);
  }

  private void takeAsStranger() throws IOException {
    StepFailure.unless(take.contains(CERTIFICATE), "curl shows no certificate in\n" + take);
    Terminal.Outcome outcome = terminal.attempt(take.replace(CERTIFICATE, ""));
    timetable.show(outcome.text());
    StepFailure.unless(
        outcome.text().matches("(?is).*certificate[^\n]* required.*"),
        "it was not a certificate that lacked");
    Path file = backup();
    StepFailure.unless(
        !Files.exists(file) || Files.size(file) == 0, "a stranger was given a backup");
  }

  private void take() throws IOException {
    rows.writeAndCheck("before the backup", 3);
    saved = rows.written();
    String receipt = terminal.type(take);
    timetable.show("backup.xbs: %d bytes".formatted(Files.size(backup())));
    StepFailure.unless(
        receipt.contains("mysql-agents-receipt.json") && receipt.contains("\"exitStatus\": 0"),
        "the backup does not end with a receipt");
    rows.write("after the backup, to be forgotten");
  }

  private void refuseCut() throws IOException {
    terminal.type(steps.stop());
    Terminal.Outcome outcome = withCut(backup(), () -> terminal.attempt(steps.restore()));
    timetable.show(outcome.text());
    StepFailure.unless(
        outcome.status() != 0 && !outcome.text().contains(RESTORED), "a cut backup was restored");
    StepFailure.unless(
        outcome.text().contains("standard input is not a whole backup"),
        "it does not say that the backup is not whole");
    terminal.type(steps.giveBack());
  }

  private void restore() throws IOException {
    String said = terminal.type(steps.restore());
    timetable.show(said);
    StepFailure.unless(said.contains(RESTORED), "agent-clone has not restored");
    terminal.type(steps.startPrimary());
    set.awaitReady(1);
    rows.wentBackTo(saved);
    rows.check(1);
  }

  private void startReplicas() throws IOException {
    terminal.type(steps.startReplicas());
    set.awaitReady(3);
    rows.writeAndCheck("after the backup was restored", 3);
    set.requireCloned(1);
    set.requireCloned(2);
  }

  private Path backup() {
    return terminal.directory().resolve("backup.xbs");
  }

  /// What needs a file.
  @FunctionalInterface
  interface Use<T> {
    T run() throws IOException;
  }

  /// Has `use` find the first half of a file in its place.
  static <T> T withCut(Path file, Use<T> use) throws IOException {
    Path whole = file.resolveSibling(file.getFileName() + ".whole");
    Files.copy(file, whole);
    try {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(channel.size() / 2);
      }
      return use.run();
    } finally {
      Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
