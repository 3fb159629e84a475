package mysqlagents.k8s;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;

/// `make test-k8s`: the set, and the bash example beside it, on the cluster that kubectl points to.
final class K8sTestMain {
  private static final PrintStream OUT = System.out;

  private final Settings settings;
  private final Timetable timetable = new Timetable(OUT);

  private K8sTestMain(Settings settings) {
    this.settings = settings;
  }

  public static void main(String[] arguments) throws Exception {
    K8sTestMain test = new K8sTestMain(Settings.from(System.getenv()));
    long begin = System.nanoTime();
    String end = "";
    try {
      test.play("agents", test::playAgents);
      test.play("bash", test::playBash);
    } catch (IOException failure) {
      end = "%ntest-k8s: FAILED: %s%n".formatted(failure.getMessage());
    }
    OUT.printf("%n%s", test.timetable.table());
    OUT.printf("%nin all %d s%n", Duration.ofNanos(System.nanoTime() - begin).toSeconds());
    // Last, for of a long log many see the end only.
    OUT.print(end);
    System.exit(end.isEmpty() ? 0 : 1);
  }

  /// What is played in a namespace of its own.
  @FunctionalInterface
  private interface Play {
    void in(Kubectl kubectl) throws IOException;
  }

  private void play(String name, Play play) throws IOException {
    if (!settings.sets().contains(name)) {
      return;
    }
    try (Namespace namespace = Namespace.create(name)) {
      Kubectl kubectl = namespace.kubectl();
      try {
        OUT.printf("%n%s: namespace %s%n", name, kubectl.namespace());
        play.in(kubectl);
      } catch (IOException failure) {
        Diagnosis.print(kubectl, OUT);
        throw failure;
      }
    }
  }

  private void playAgents(Kubectl kubectl) throws IOException {
    timetable.show(Secrets.create(settings, kubectl));
    Client client = Client.start(kubectl, settings);
    Overlay overlay = new Overlay(settings, kubectl);
    String yaml = overlay.yaml("OrderedReady");
    String parallel = overlay.yaml("Parallel");
    new Tutorial("agents", timetable, kubectl, client).play(yaml);
    new Strangers(timetable, kubectl, client, settings).play();
    Rows rows = new Rows(client);
    rows.create();
    try (Terminal terminal = Terminal.open(settings, kubectl)) {
      new Backups(timetable, terminal, kubectl, rows, settings).play();
      new LostPrimary(timetable, terminal, kubectl, rows, settings).play();
    }
    new Promises(timetable, kubectl, rows, settings).play(yaml);
    if (settings.upgrade().isPresent()) {
      upgrade(kubectl, rows, settings.with(settings.upgrade().get()));
    }
    new Parallel(timetable, kubectl, client).play(parallel);
  }

  private void upgrade(Kubectl kubectl, Rows rows, Settings next) throws IOException {
    String yaml = new Overlay(next, kubectl).yaml("OrderedReady");
    try (Terminal terminal = Terminal.open(next, kubectl)) {
      new Upgrade(timetable, terminal, kubectl, rows, next).play(yaml);
    }
  }

  private void playBash(Kubectl kubectl) throws IOException {
    Client client = Client.start(kubectl, settings);
    try {
      String yaml = Resource.text("bash.yaml", Map.of("SERVER", settings.serverImage()));
      new Tutorial("bash", timetable, kubectl, client).play(yaml);
    } catch (StepFailure | KubectlException failure) {
      OUT.printf("%nbash: FAILED, which is the example's own way: %s%n", failure.getMessage());
      Diagnosis.print(kubectl, OUT);
    }
    if (settings.sets().contains("agents")) {
      adopt(kubectl, client);
    }
  }

  private void adopt(Kubectl kubectl, Client client) throws IOException {
    try (Terminal terminal = Terminal.open(settings, kubectl)) {
      new Adoption(timetable, kubectl, terminal, settings).play(client);
    }
  }
}
