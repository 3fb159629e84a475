package mysqlagents.k8s;

import java.io.IOException;
import java.util.List;

/// mysql-0 without its volume, and the set brought back from a replica's data by the commands of
/// docs/operations.md.
final class LostPrimary {
  private static final String NAME = "agents";
  private static final String HEADING = "## mysql-0 has lost its volume";
  private static final String WATCH = "kubectl get pod mysql-copy --watch";

  /// What a person does who watches.
  private static final String WAIT =
      "kubectl wait --for=jsonpath='{.status.phase}'=Succeeded pod/mysql-copy --timeout=240s";

  private final Timetable timetable;
  private final Terminal terminal;
  private final Kubectl kubectl;
  private final MysqlSet set;
  private final Rows rows;
  private final Steps steps;

  LostPrimary(Timetable timetable, Terminal terminal, Kubectl kubectl, Rows rows, Settings settings)
      throws IOException {
    this.timetable = timetable;
    this.terminal = terminal;
    this.kubectl = kubectl;
    this.set = new MysqlSet(kubectl);
    this.rows = rows;
    this.steps = Steps.in(Manual.page(settings, "operations.md"));
  }

  /// The commands of the manual's steps, in their order.
  record Steps(
      String compare, String stop, String copy, String startPrimary, String startReplicas) {
    static Steps in(Manual operations) throws IOException {
      List<String> blocks = operations.blocks(HEADING, 5);
      StepFailure.unless(blocks.get(2).contains(WATCH), "nothing is watched in " + blocks.get(2));
      return new Steps(
          blocks.get(0),
          blocks.get(1),
          blocks.get(2).replace(WATCH, WAIT),
          blocks.get(3),
          blocks.get(4));
    }
  }

  /// Finds a set of three that was written to by `rows`, and leaves one.
  void play() throws IOException {
    timetable.step(NAME, "mysql-0's volume is lost: it refuses to start empty", this::lose);
    timetable.step(NAME, "a replica's data copied: all rows on mysql-0", this::copy);
    timetable.step(NAME, "and on replicas that cloned anew", this::startReplicas);
  }

  private void lose() throws IOException {
    rows.writeAndCheck("before the volume was lost", 3);
    set.renew(0);
    Waiting.until(
        "mysql-0's refusal to start empty, with who has data and where to read what to do",
        MysqlSet.READY_LIMIT,
        this::isRefused,
        () -> "%s%n%s%n%s".formatted(String.join("\n", set.text()), cloneState(), set.cloneLog(0)));
  }

  /// Each try says it all again: what is seen may be one that has only begun.
  private boolean isRefused() throws IOException {
    String said = set.cloneLog(0);
    boolean refused =
        cloneState().contains("\"exitCode\":77")
            && said.contains(HEADING.substring("## ".length()))
            && said.contains("mysql-1 (")
            && said.contains("mysql-2 (");
    if (refused) {
      timetable.show(said);
    }
    return refused;
  }

  private String cloneState() throws IOException {
    return kubectl.field(
        "pod/mysql-0", ".status.initContainerStatuses[?(@.name==\"clone-mysql\")]");
  }

  private void copy() throws IOException {
    timetable.show(
        terminal
            .type(steps.compare())
            .lines()
            .filter(line -> line.contains("_Log_"))
            .reduce("", (all, line) -> all + line.strip() + "\n"));
    terminal.type(steps.stop());
    String said = terminal.type(steps.copy());
    timetable.show(said);
    StepFailure.unless(said.lines().anyMatch("copied"::equals), "nothing was copied");
    terminal.type(steps.startPrimary());
    set.awaitReady(1);
    rows.check(1);
  }

  private void startReplicas() throws IOException {
    terminal.type(steps.startReplicas());
    set.awaitReady(3);
    rows.writeAndCheck("after the volume was lost", 3);
    set.requireCloned(1);
    set.requireCloned(2);
  }
}
