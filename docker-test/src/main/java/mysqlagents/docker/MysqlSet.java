package mysqlagents.docker;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.Network;

/// A replicated set of MySQL or MariaDB pods with nothing but a Docker Engine: `mysql-0` is the
/// primary, the others are read-only replicas that clone themselves from it, all over TLS.
///
/// It has to be closed; until then it holds containers, volumes and a network.
final class MysqlSet implements AutoCloseable {
  private final String agentImage;
  private final String serverImage;
  private final Secrets secrets;
  private final Map<String, String> configuration = new HashMap<>();
  private final Map<Integer, Map<String, String>> settings = new HashMap<>();
  private final Network network = Network.newNetwork();
  private final List<Pod> pods = new ArrayList<>();

  /// @param agentImage of `make image`, with the backup tool that fits the server
  /// @param serverImage such as `mariadb:10.11`
  MysqlSet(String agentImage, String serverImage, Secrets secrets) {
    this.agentImage = agentImage;
    this.serverImage = serverImage;
    this.secrets = secrets;
    // What is `loose-` is for MySQL; MariaDB does not know it, and goes on.
    String common =
        """
        [mysqld]
        log-bin=mysql-bin
        skip-name-resolve
        loose-gtid-mode=ON
        loose-enforce-gtid-consistency=ON
        """;
    configuration.put("primary.cnf", common);
    configuration.put("replica.cnf", common + "read-only\nloose-super-read-only\n");
  }

  /// Adds lines to mysqld's configuration by role: to `primary.cnf` or `replica.cnf`.
  MysqlSet configure(String file, String... lines) {
    configuration.merge(file, String.join("\n", lines) + "\n", String::concat);
    return this;
  }

  /// An agents' setting on one pod, as docs/configuration.md has it.
  MysqlSet setting(int ordinal, String name, String value) {
    settings.computeIfAbsent(ordinal, _ -> new HashMap<>()).put(name, value);
    return this;
  }

  /// Starts pods until there are so many, one after the other, as a StatefulSet does.
  void scale(int replicas) {
    while (pods.size() < replicas) {
      add().start();
    }
  }

  /// A further pod, of which nothing is there yet.
  Pod add() {
    Pod pod = new Pod(this, pods.size());
    pods.add(pod);
    return pod;
  }

  /// Deletes a pod and its volume, and starts it afresh.
  void replace(int ordinal) {
    pod(ordinal).close();
    pod(ordinal).start();
  }

  List<Pod> pods() {
    return pods;
  }

  Pod pod(int ordinal) {
    return pods.get(ordinal);
  }

  /// As root; from outside, so that nothing of the set is needed to test with it.
  Connection connect(int ordinal) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mysql://%s/".formatted(pod(ordinal).address(Pod.MYSQL)),
        "root",
        secrets.password("root"));
  }

  String agentImage() {
    return agentImage;
  }

  String serverImage() {
    return serverImage;
  }

  Secrets secrets() {
    return secrets;
  }

  Network network() {
    return network;
  }

  Map<String, String> configuration() {
    return configuration;
  }

  Map<String, String> settings(int ordinal) {
    return settings.getOrDefault(ordinal, Map.of());
  }

  @Override
  public void close() {
    pods.reversed().forEach(Pod::close);
    network.close();
  }
}
