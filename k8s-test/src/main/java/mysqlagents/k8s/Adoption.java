package mysqlagents.k8s;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The set takes the place of the bash example's and goes on with its volumes, by the steps of
/// docs/operations.md.
final class Adoption {
  private static final String NAME = "agents";
  private static final String HEADING = "## Moving from the bash example";
  private static final int PODS = 3;
  private static final String ACCOUNTS =
      "SELECT COUNT(DISTINCT User) FROM mysql.user WHERE User IN ('agent', 'backup', 'replication')";
  private static final String SENDING =
      "SELECT user FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'";

  private final Timetable timetable;
  private final Kubectl kubectl;
  private final Terminal terminal;
  private final Settings settings;
  private final MysqlSet set;

  Adoption(Timetable timetable, Kubectl kubectl, Terminal terminal, Settings settings) {
    this.timetable = timetable;
    this.kubectl = kubectl;
    this.terminal = terminal;
    this.settings = settings;
    this.set = new MysqlSet(kubectl);
  }

  /// The commands of the manual's steps, in their order.
  record Steps(String secrets, String accounts, String remove, String apply, String rootPassword) {
    static Steps in(Settings settings) throws IOException {
      List<String> blocks = Manual.page(settings, "operations.md").blocks(HEADING, 5);
      return new Steps(blocks.get(0), blocks.get(1), blocks.get(2), blocks.get(3), blocks.get(4));
    }
  }

  /// Finds a set of three that bash has made, and the client's pod.
  void play(Client client) throws IOException {
    Steps steps = Steps.in(settings);
    Rows rows = new Rows(client);
    timetable.step(NAME, "bash's set: up, with rows to keep", () -> begin(rows));
    timetable.step(NAME, "bash's set: accounts for the agents", () -> prepare(steps, client));
    timetable.step(NAME, "bash's volumes adopted, nothing cloned", () -> move(steps));
    timetable.step(NAME, "root's password, the same rows, replication", () -> goOn(steps, rows));
  }

  /// Without it there is nothing to adopt, whatever became of the example's own steps.
  private void begin(Rows rows) throws IOException {
    set.scale(PODS);
    rows.create();
    rows.writeAndCheck("by the bash example", PODS);
  }

  private void prepare(Steps steps, Client client) throws IOException {
    timetable.show(terminal.type(steps.secrets()));
    terminal.type(forMariaDb(settings, steps.accounts()));
    for (int ordinal = 0; ordinal < PODS; ordinal++) {
      client.awaitAnswer(MysqlSet.pod(ordinal) + ".mysql", ACCOUNTS, "3");
    }
  }

  /// The manual has the statements for the example's MySQL 5.7 and sends users of other servers to
  /// the other page.
  static String forMariaDb(Settings settings, String accounts) throws IOException {
    String statements =
        Manual.page(settings, "accounts.md").blocks("### MariaDB 10.11 and 11").getFirst();
    String withPasswords =
        Pattern.compile("'(\\w+)'(@'\\S+' IDENTIFIED BY) '…'")
            .matcher(statements)
            .replaceAll("'$1'$2 '\\$(password $1)'");
    return Pattern.compile("(?<=<<EOF\n).*(?=^EOF$)", Pattern.DOTALL | Pattern.MULTILINE)
        .matcher(accounts)
        .replaceFirst(Matcher.quoteReplacement(withPasswords));
  }

  private void move(Steps steps) throws IOException {
    timetable.show(terminal.type(steps.remove()));
    new Overlay(settings, kubectl).write("OrderedReady");
    timetable.show(terminal.type(steps.apply().replace("mysql-5.7", settings.overlay())));
    set.awaitReady(PODS);
    for (int ordinal = 0; ordinal < PODS; ordinal++) {
      CloneReport report = set.cloneReport(ordinal);
      timetable.show(MysqlSet.pod(ordinal) + ": " + report.result());
      StepFailure.unless(report.result().equals("kept"), "a pod has not kept its data");
    }
  }

  private void goOn(Steps steps, Rows before) throws IOException {
    terminal.type(steps.rootPassword());
    // A client that knows root's password.
    Client client = Client.startAnew(kubectl, settings);
    Rows rows = before.by(client);
    rows.writeAndCheck("after the move", PODS);
    client.awaitAnswer("mysql-0.mysql", SENDING, "replication\nreplication");
    set.scale(PODS + 1);
    rows.writeAndCheck("after a replica was added", PODS + 1);
    Waiting.until(
        "the end of the sidecar's complaints of root's password",
        MysqlSet.READY_LIMIT,
        () -> sidecarLog().contains("the accounts are what they have to be again"),
        this::sidecarLog);
  }

  private String sidecarLog() throws IOException {
    return kubectl.run("logs", MysqlSet.pod(0), "-c", "xtrabackup");
  }
}
