package mysqlagents.k8s;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A backup by curl to a file and its way back, by the commands of docs/operations.md.
final class Backups {
  private static final String NAME = "agents";
  private static final String CERTIFICATE = " --cert tls.crt --key tls.key";

  private final Timetable timetable;
  private final Terminal terminal;
  private final MysqlSet set;
  private final Rows rows;
  private final String take;
  private final String restore;
  private int saved;

  Backups(Timetable timetable, Terminal terminal, Kubectl kubectl, Rows rows, Settings settings)
      throws IOException {
    this.timetable = timetable;
    this.terminal = terminal;
    this.set = new MysqlSet(kubectl);
    this.rows = rows;
    Manual operations = Manual.page(settings, "operations.md");
    this.take = operations.blocks("## Take a backup to a file").getFirst();
    this.restore = operations.blocks("## Restore a backup").getFirst();
  }

  /// Finds a set of three that was written to by `rows`, and leaves one.
  void play() throws IOException {
    timetable.step(NAME, "curl without a certificate asks 3307: nothing", this::takeAsStranger);
    timetable.step(NAME, "a backup by curl to a file", this::take);
    timetable.step(NAME, "the backup restored: its rows, and replicas cloned anew", this::restore);
  }

  private void takeAsStranger() throws IOException {
    StepFailure.unless(take.contains(CERTIFICATE), "curl shows no certificate in\n" + take);
    Terminal.Outcome outcome = terminal.attempt(take.replace(CERTIFICATE, ""));
    timetable.show(outcome.text());
    StepFailure.unless(
        outcome.text().matches("(?is).*certificate[^\n]* required.*"),
        "it was not a certificate that lacked");
    Path file = terminal.directory().resolve("backup.xbs");
    StepFailure.unless(
        !Files.exists(file) || Files.size(file) == 0, "a stranger was given a backup");
  }

  private void take() throws IOException {
    rows.writeAndCheck("before the backup", 3);
    saved = rows.written();
    String receipt = terminal.type(take);
    timetable.show(
        "backup.xbs: %d bytes".formatted(Files.size(terminal.directory().resolve("backup.xbs"))));
    StepFailure.unless(
        receipt.contains("mysql-agents-receipt.json") && receipt.contains("\"exitStatus\": 0"),
        "the backup does not end with a receipt");
    rows.write("after the backup, to be forgotten");
  }

  private void restore() throws IOException {
    String said = terminal.type(restore);
    timetable.show(said);
    StepFailure.unless(said.contains("\"result\":\"restored\""), "agent-clone has not restored");
    set.awaitReady(3);
    rows.wentBackTo(saved);
    rows.writeAndCheck("after the backup was restored", 3);
    for (int ordinal : new int[] {1, 2}) {
      CloneReport report = set.cloneReport(ordinal);
      timetable.show(MysqlSet.pod(ordinal) + ": " + report.result());
      StepFailure.unless(report.result().equals("cloned"), "a replica has not cloned");
    }
  }
}
