package mysqlagents.k8s;

import java.io.IOException;

/// `podManagementPolicy: Parallel`: all five pods start at once, and those without a donor wait.
final class Parallel {
  private static final String TITLE = "podManagementPolicy Parallel, from zero to five";

  private final Timetable timetable;
  private final Kubectl kubectl;
  private final MysqlSet set;
  private final Client client;

  Parallel(Timetable timetable, Kubectl kubectl, Client client) {
    this.timetable = timetable;
    this.kubectl = kubectl;
    this.set = new MysqlSet(kubectl);
    this.client = client;
  }

  /// Takes the place of the set that is there; its data goes.
  void play(String yaml) throws IOException {
    kubectl.run("delete", "statefulset", "mysql", "--ignore-not-found");
    set.awaitReady(0);
    kubectl.run("delete", "pvc", "--all");
    timetable.step("agents", TITLE, () -> comeUp(yaml));
  }

  private void comeUp(String yaml) throws IOException {
    kubectl.runWith(yaml.replace("replicas: 3", "replicas: 5"), "apply", "-f", "-");
    set.awaitReady(5);
    set.text().forEach(timetable::show);
    client.sql(
        "mysql-0.mysql",
        "CREATE DATABASE test; CREATE TABLE test.messages (message VARCHAR(250));"
            + " INSERT INTO test.messages VALUES ('parallel')");
    for (int ordinal = 1; ordinal < 5; ordinal++) {
      client.awaitAnswer(
          MysqlSet.pod(ordinal) + ".mysql", "SELECT message FROM test.messages", "parallel");
    }
  }
}
