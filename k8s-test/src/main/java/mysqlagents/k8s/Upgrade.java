package mysqlagents.k8s;

import java.io.IOException;
import java.util.List;

/// The server's and the agents' next series, replicas first, by the commands of docs/operations.md.
final class Upgrade {
  private static final String NAME = "agents";
  private static final String HEADING = "## Upgrade";
  private static final String VERSION = "SELECT VERSION()";

  private final Timetable timetable;
  private final Terminal terminal;
  private final Kubectl kubectl;
  private final MysqlSet set;
  private final Rows rows;
  private final Steps steps;

  Upgrade(Timetable timetable, Terminal terminal, Kubectl kubectl, Rows rows, Settings settings)
      throws IOException {
    this.timetable = timetable;
    this.terminal = terminal;
    this.kubectl = kubectl;
    this.set = new MysqlSet(kubectl);
    this.rows = rows;
    this.steps = Steps.in(Manual.page(settings, "operations.md"));
  }

  /// The commands of the manual's steps, in their order.
  record Steps(String stopBeforePrimary, String primary, String tables) {
    static Steps in(Manual operations) throws IOException {
      List<String> blocks = operations.blocks(HEADING, 3);
      return new Steps(blocks.get(0), blocks.get(1), blocks.get(2));
    }
  }

  /// Finds a set of three that was written to by `rows`, and leaves one.
  ///
  /// @param yaml the set with the new images
  void play(String yaml) throws IOException {
    timetable.step(NAME, "upgraded: replicas of the next series", () -> upgradeReplicas(yaml));
    timetable.step(NAME, "and the primary", this::upgradePrimary);
    timetable.step(NAME, "mariadb-upgrade in each pod", this::upgradeTables);
    timetable.step(NAME, "a replica cloned anew by the next series", this::cloneAnew);
  }

  private void upgradeReplicas(String yaml) throws IOException {
    String before = version(0);
    terminal.type(steps.stopBeforePrimary());
    kubectl.runWith(yaml, "apply", "-f", "-");
    kubectl.run("rollout", "status", "statefulset", "mysql");
    timetable.show("mysql-1: %s; mysql-0: %s".formatted(version(1), version(0)));
    StepFailure.unless(version(0).equals(before), "mysql-0 was upgraded before its time");
    requireAnother(before, 1);
    requireAnother(before, 2);
    rows.writeAndCheck("between an older primary and newer replicas", 3);
  }

  private void upgradePrimary() throws IOException {
    String before = version(0);
    terminal.type(steps.primary());
    set.awaitReady(3);
    requireAnother(before, 0);
    rows.writeAndCheck("after the upgrade", 3);
  }

  private void upgradeTables() throws IOException {
    for (int ordinal = 0; ordinal < 3; ordinal++) {
      String said = terminal.type(steps.tables().replace(MysqlSet.pod(0), MysqlSet.pod(ordinal)));
      timetable.show(said.lines().reduce("", (_, line) -> line));
    }
    rows.writeAndCheck("after mariadb-upgrade", 3);
  }

  private void cloneAnew() throws IOException {
    set.cloneAnew(2);
    rows.writeAndCheck("after a clone of the next series", 3);
  }

  private String version(int ordinal) throws IOException {
    return rows.client().sql(MysqlSet.pod(ordinal) + ".mysql", VERSION);
  }

  private void requireAnother(String before, int ordinal) throws IOException {
    StepFailure.unless(
        !version(ordinal).equals(before), MysqlSet.pod(ordinal) + " still has " + before);
  }
}
