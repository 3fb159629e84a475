package mysqlagents.k8s;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What the tutorial only promises: nothing is lost and nobody is needed when pods, processes and
/// volumes go.
final class Promises {
  private static final String NAME = "agents";
  private static final int LARGE_ROWS = 25;

  private final Timetable timetable;
  private final Kubectl kubectl;
  private final MysqlSet set;
  private final Rows rows;
  private final Killer killer;
  private final Seats seats;

  Promises(Timetable timetable, Kubectl kubectl, Rows rows, Settings settings) {
    this.timetable = timetable;
    this.kubectl = kubectl;
    this.set = new MysqlSet(kubectl);
    this.rows = rows;
    this.killer = new Killer(kubectl, settings);
    this.seats = new Seats(kubectl, settings);
  }

  /// Finds a set of three that was made from `yaml`.
  void play(String yaml) throws IOException {
    step("mysql-0 deleted: back with another address, replicas follow", () -> movePrimary(yaml));
    step("replication stopped by hand: out of the reads until started", this::stopReplication);
    step("SIGKILL of the primary's mysqld", () -> killServer(0));
    step("SIGKILL of a replica's mysqld", () -> killServer(1));
    step("SIGKILL of a replica's sidecar", () -> killSidecar(1));
    step("a replica's pod and claim deleted: cloned afresh", this::replaceReplica);
    step("SIGKILL of a clone in its middle", this::killClone);
    step("scale to one, write, scale to three: no clone", this::returnWithoutClone);
  }

  private void step(String title, Timetable.Step step) throws IOException {
    timetable.step(NAME, title, step);
  }

  private void movePrimary(String yaml) throws IOException {
    String before = set.address(0);
    rows.write("before mysql-0 went");
    deletePod(0);
    rows.writeAndCheck("after mysql-0 came back", 3);
    if (set.address(0).equals(before)) {
      timetable.show("mysql-0 was given %s again".formatted(before));
      giveAddressAway(yaml);
      rows.writeAndCheck("after mysql-0 came back with another address", 3);
    }
    timetable.show("mysql-0 was at %s and is at %s".formatted(before, set.address(0)));
    StepFailure.unless(!set.address(0).equals(before), "mysql-0 is always given the same address");
  }

  /// Many networks give the lowest address that is free, and that is the one that mysql-0 has just
  /// left. So others take it while there is no StatefulSet that makes mysql-0 anew.
  private void giveAddressAway(String yaml) throws IOException {
    kubectl.run("delete", "statefulset", "mysql", "--cascade=orphan");
    kubectl.run("delete", "pod", MysqlSet.pod(0));
    seats.take();
    kubectl.runWith(yaml, "apply", "-f", "-");
    set.awaitReady(3);
    seats.leave();
  }

  private void stopReplication() throws IOException {
    rows.client().sql("mysql-2.mysql", "STOP REPLICA");
    awaitReads(false, 2);
    timetable.show(set.line(2).toString());
    rows.client().sql("mysql-2.mysql", "START REPLICA");
    awaitReads(true, 2);
  }

  private void awaitReads(boolean wanted, int ordinal) throws IOException {
    String address = set.address(ordinal);
    Waiting.until(
        "%s %s mysql-read".formatted(address, wanted ? "in" : "gone from"),
        MysqlSet.READY_LIMIT,
        () -> readers().contains(address) == wanted && set.line(ordinal).isReady() == wanted,
        () -> readers() + "\n" + String.join("\n", set.text()));
  }

  private List<String> readers() throws IOException {
    return List.of(kubectl.field("endpoints/mysql-read", ".subsets[*].addresses[*].ip").split(" "));
  }

  private void killServer(int ordinal) throws IOException {
    rows.write("before mysqld of mysql-" + ordinal + " was killed");
    killAndAwaitRestart(ordinal, "mysql");
    rows.writeAndCheck("after mysqld of mysql-" + ordinal + " was killed", 3);
  }

  private void killSidecar(int ordinal) throws IOException {
    killAndAwaitRestart(ordinal, "xtrabackup");
    rows.writeAndCheck("after the sidecar of mysql-" + ordinal + " was killed", 3);
  }

  private void killAndAwaitRestart(int ordinal, String container) throws IOException {
    String pod = MysqlSet.pod(ordinal);
    int before = set.line(ordinal).restarts();
    killer.kill(pod, container);
    Waiting.until(
        "a restart of " + container + " in " + pod,
        MysqlSet.READY_LIMIT,
        () -> set.line(ordinal).restarts() == before + 1 && set.line(ordinal).isReady(),
        () -> String.join("\n", set.text()));
    timetable.show(set.line(ordinal).toString());
  }

  private void replaceReplica() throws IOException {
    CloneReport before = set.cloneReport(2);
    CloneReport after = set.cloneAnew(2);
    timetable.show("%s%n%s".formatted(before, after));
    StepFailure.unless(!after.cloneId().equals(before.cloneId()), "mysql-2 has the old clone");
    rows.writeAndCheck("after mysql-2 was replaced", 3);
  }

  private void killClone() throws IOException {
    rows.writeLarge(LARGE_ROWS, 3);
    String uid = set.uid(2);
    set.renew(2);
    Waiting.until(
        "another mysql-2 on a node",
        MysqlSet.READY_LIMIT,
        () -> !set.node(2).isEmpty(),
        () -> String.join("\n", set.text()));
    timetable.show(killer.killClone(MysqlSet.pod(2)));
    set.awaitNew(2, uid);
    String restarts =
        kubectl.field(
            "pod/mysql-2", ".status.initContainerStatuses[?(@.name=='clone-mysql')].restartCount");
    timetable.show("clone-mysql was started again %s times".formatted(restarts));
    StepFailure.unless(restarts.equals("1"), "clone-mysql was not started again once");
    rows.writeAndCheck("after a clone was killed", 3);
  }

  private void returnWithoutClone() throws IOException {
    set.scale(1);
    StepFailure.unless(
        set.claims()
            .equals(new TreeSet<>(Set.of(MysqlSet.claim(0), MysqlSet.claim(1), MysqlSet.claim(2)))),
        "not all claims remain");
    rows.write("while two were away");
    set.scale(3);
    for (int ordinal : new int[] {1, 2}) {
      CloneReport report = set.cloneReport(ordinal);
      timetable.show(MysqlSet.pod(ordinal) + ": " + report.result());
      StepFailure.unless(report.result().equals("kept"), "a replica has not kept its data");
    }
    rows.writeAndCheck("after two came back", 3);
  }

  private void deletePod(int ordinal) throws IOException {
    String uid = set.uid(ordinal);
    kubectl.run("delete", "pod", MysqlSet.pod(ordinal));
    set.awaitNew(ordinal, uid);
  }
}
