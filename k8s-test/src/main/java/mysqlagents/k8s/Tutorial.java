package mysqlagents.k8s;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The example's tutorial, which every set of its kind has to pass.
final class Tutorial {
  private static final String SELECT = "SELECT message FROM test.messages";
  private static final List<String> STATES = List.of("0/2 Init:0/2", "0/2 Init:1/2", "2/2 Running");
  private static final int READS = 40;
  private static final Set<String> SERVERS = new TreeSet<>(Set.of("100", "101", "102"));

  private final String name;
  private final Timetable timetable;
  private final Kubectl kubectl;
  private final MysqlSet set;
  private final Client client;

  /// @param name of the column in the table of times
  Tutorial(String name, Timetable timetable, Kubectl kubectl, Client client) {
    this.name = name;
    this.timetable = timetable;
    this.kubectl = kubectl;
    this.set = new MysqlSet(kubectl);
    this.client = client;
  }

  void play(String yaml) throws IOException {
    timetable.step(name, "apply: three pods become 2/2", () -> apply(yaml));
    timetable.step(
        name, "write through mysql-0.mysql, read the row everywhere", this::writeAndRead);
    timetable.step(name, "@@server_id through mysql-read: 100, 101, 102", this::askAll);
    timetable.step(name, "scale to five: Init:0/2, Init:1/2, 2/2", this::grow);
    timetable.step(name, "the row is on mysql-3 and mysql-4", this::readNew);
    timetable.step(name, "scale to three: five claims remain", this::shrink);
    timetable.step(name, "delete two claims", this::deleteClaims);
  }

  private void apply(String yaml) throws IOException {
    timetable.show(kubectl.runWith(yaml, "apply", "-f", "-"));
    Waiting.until(
        "three pods created",
        MysqlSet.READY_LIMIT,
        () -> set.text().size() > 3,
        () -> String.join("\n", set.text()));
    set.awaitReady(3);
    set.text().forEach(timetable::show);
  }

  private void writeAndRead() throws IOException {
    client.sql(
        "mysql-0.mysql",
        "CREATE DATABASE test; CREATE TABLE test.messages (message VARCHAR(250));"
            + " INSERT INTO test.messages VALUES ('hello')");
    for (String host : List.of("mysql-1.mysql", "mysql-2.mysql", "mysql-read")) {
      client.awaitAnswer(host, SELECT, "hello");
      timetable.show(host + ": hello");
    }
  }

  private void askAll() throws IOException {
    Set<String> seen = new TreeSet<>();
    // A pod that has just become ready is asked once each node knows of it.
    Waiting.until(
        "answers of " + SERVERS,
        Duration.ofSeconds(60),
        () -> {
          String answers = client.askWhoAnswers("mysql-read", READS);
          timetable.show(answers.strip().replace('\n', ' '));
          seen.addAll(answers.lines().toList());
          StepFailure.unless(SERVERS.containsAll(seen), "%s have answered".formatted(seen));
          return seen.equals(SERVERS);
        },
        seen::toString);
  }

  private void grow() throws IOException {
    try (PodWatch watch = new PodWatch(kubectl)) {
      set.scale(5);
      for (String pod : List.of("mysql-3", "mysql-4")) {
        // The last one is there, but the watch may be told of it a moment later.
        Waiting.until(
            "%s as %s".formatted(pod, STATES),
            Duration.ofSeconds(20),
            () -> watch.seen(pod).containsAll(STATES),
            () -> String.join(", ", watch.seen(pod)));
        timetable.show(pod + ": " + String.join(", ", watch.seen(pod)));
      }
    }
  }

  private void readNew() throws IOException {
    for (String host : List.of("mysql-3.mysql", "mysql-4.mysql")) {
      client.awaitAnswer(host, SELECT, "hello");
    }
  }

  private void shrink() throws IOException {
    set.scale(3);
    timetable.show(String.join(" ", set.claims()));
    StepFailure.unless(set.claims().size() == 5, "five claims do not remain");
  }

  private void deleteClaims() throws IOException {
    kubectl.run("delete", "pvc", "data-mysql-3", "data-mysql-4");
    timetable.show(String.join(" ", set.claims()));
    StepFailure.unless(set.claims().size() == 3, "three claims do not remain");
  }
}
