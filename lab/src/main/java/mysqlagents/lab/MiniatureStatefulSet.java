package mysqlagents.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import mysqlagents.files.Tree;
import mysqlagents.lab.Accounts.Account;
import mysqlagents.mysql.ServerVersion.Flavour;
import mysqlagents.testbed.LoopbackNet;
import mysqlagents.testbed.ServerPrograms;

/// A StatefulSet, its headless Service and its volumes, on this machine.
///
/// Volumes outlive their pods until they are deleted. Closing the set stops its pods and frees its
/// addresses; files are left to the owner of the root directory.
public final class MiniatureStatefulSet implements AutoCloseable {
  /// The StatefulSet's and its headless Service's name.
  static final String NAME = "mysql";

  /// Kubernetes' default, for a pod that does not say.
  private static final Duration GRACE = Duration.ofSeconds(30);

  private static final Duration CLOSE_GRACE = Duration.ofSeconds(15);

  private final ServerPrograms programs;
  private final LabFiles files;
  private final LoopbackNet net;
  private final PodTemplate template;
  private final Accounts accounts;
  private final Certificates certificates;
  private final HeadlessService service;
  private final SortedMap<Integer, Pod> pods = new TreeMap<>();

  /// @param flavour of its servers
  /// @param root for volumes, sockets and secrets; short, as a socket's path has to be
  /// @param logs for a file per container
  public MiniatureStatefulSet(Flavour flavour, Path root, Path logs) throws IOException {
    programs = ServerPrograms.of(flavour);
    AgentPrograms agents = AgentPrograms.find();
    files = new LabFiles(Files.createDirectories(root), Files.createDirectories(logs));
    files.mount(ConfigMap.of(flavour, agents.project()));
    accounts = Accounts.create(files.secrets());
    service = new HeadlessService(NAME, files.hosts());
    net = LoopbackNet.reserve(Mysqld.PORT, PodTemplate.BACKUP_PORT, PodTemplate.MANAGEMENT_PORT);
    certificates = Certificates.create(files.secrets(), net);
    template = new PodTemplate(files, programs, agents, net, accounts, certificates);
  }

  /// What its servers are.
  ServerPrograms programs() {
    return programs;
  }

  /// What pods that are started from now on are like.
  public PodTemplate template() {
    return template;
  }

  /// The set's addresses; those below 10 are free for other use.
  public LoopbackNet net() {
    return net;
  }

  Accounts accounts() {
    return accounts;
  }

  Certificates certificates() {
    return certificates;
  }

  public Path volume(int ordinal) {
    return files.volume(PodTemplate.podName(ordinal));
  }

  /// The log of a pod's container, whether there is one yet or not.
  Path log(int ordinal, String container) {
    return files.log(PodTemplate.podName(ordinal), container);
  }

  /// Where the logs of all containers are.
  Path logs() {
    return files.logs();
  }

  /// What a pod's containers keep outside of volumes.
  Path scratch(Pod pod) {
    return files.scratch(pod.name());
  }

  /// A log line of a pod's agent with the paths that it would name in a cluster.
  String asInCluster(String pod, String line) {
    return line.replace(files.volume(pod).toString(), "/volume")
        .replace(files.confD(pod).toString(), "/mnt/conf.d")
        .replace(certificates.directory().toString(), "/etc/mysql-agents/tls");
  }

  /// The pod, running or just being stopped.
  public synchronized Pod pod(int ordinal) {
    Pod pod = pods.get(ordinal);
    if (pod == null) {
      throw new IllegalStateException(PodTemplate.podName(ordinal) + " does not run");
    }
    return pod;
  }

  public synchronized List<Pod> pods() {
    return List.copyOf(pods.values());
  }

  /// Where the servers of all ready pods listen.
  List<InetSocketAddress> readyServers() {
    return pods().stream()
        .filter(Pod::isReady)
        .map(pod -> new InetSocketAddress(pod.address(), Mysqld.PORT))
        .toList();
  }

  /// Starts a pod, with the volume it had before if there is one, and returns at once.
  public synchronized Pod start(int ordinal) throws IOException {
    if (pods.containsKey(ordinal)) {
      throw new IllegalStateException(PodTemplate.podName(ordinal) + " runs already");
    }
    Pod pod = template.pod(ordinal);
    pods.put(ordinal, pod);
    service.add(pod.name(), pod.address());
    pod.start();
    return pod;
  }

  /// Stops a pod gracefully; its volume stays.
  public void stop(int ordinal) throws IOException {
    stop(ordinal, GRACE);
  }

  /// Deletes the volume of a pod that does not run.
  public synchronized void deleteVolume(int ordinal) throws IOException {
    if (pods.containsKey(ordinal)) {
      throw new IllegalStateException(PodTemplate.podName(ordinal) + " still uses its volume");
    }
    Tree.delete(volume(ordinal));
  }

  /// Brings the set to `replicas` pods as `OrderedReady` does: up one by one, each ready before the
  /// next begins; down from the highest.
  ///
  /// @param limit for each pod to become ready
  public void scale(int replicas, Duration limit) throws IOException {
    for (int ordinal = 0; ordinal < replicas; ordinal++) {
      if (!isStarted(ordinal)) {
        start(ordinal);
      }
      awaitReady(ordinal, limit);
    }
    stopDownTo(replicas);
  }

  /// The same as `Parallel` does it: all pods start at once.
  public void scaleInParallel(int replicas, Duration limit) throws IOException {
    for (int ordinal = 0; ordinal < replicas; ordinal++) {
      if (!isStarted(ordinal)) {
        start(ordinal);
      }
    }
    for (int ordinal = 0; ordinal < replicas; ordinal++) {
      awaitReady(ordinal, limit);
    }
    stopDownTo(replicas);
  }

  /// @throws IOException with the tails of the pod's logs if it is not ready within `limit`
  public void awaitReady(int ordinal, Duration limit) throws IOException {
    Pod pod = pod(ordinal);
    if (!Waiting.until(limit, pod::isReady)) {
      throw new IOException(
          "%s is not ready after %d s; its phase is %s%n%s"
              .formatted(pod.name(), limit.toSeconds(), pod.phase(), logTails(pod)));
    }
  }

  /// A new connection to a pod's server as `root`.
  public Connection connect(int ordinal) throws SQLException {
    return connect(net.pod(ordinal), Account.ROOT);
  }

  /// @param address a pod's, or the read endpoint's
  Connection connect(String address, Account account) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", account.user());
    properties.setProperty("password", accounts.password(account));
    properties.setProperty("sslMode", "PREFERRED");
    properties.setProperty("connectTimeout", "5000");
    properties.setProperty("socketTimeout", "60000");
    return DriverManager.getConnection(
        "jdbc:mysql://%s:%d/".formatted(address, Mysqld.PORT), properties);
  }

  /// The ends of all logs of a pod, for a report of what went wrong.
  public static String logTails(Pod pod) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Container container : pod.containers().toList()) {
      text.append(
          "%n===== %s %s (%s)%n%s%n"
              .formatted(pod.name(), container.name(), container.log(), container.logTail(25)));
    }
    return text.toString();
  }

  /// Stops all pods at the same time.
  @Override
  public void close() throws IOException {
    List<Integer> ordinals;
    synchronized (this) {
      ordinals = List.copyOf(pods.keySet());
    }
    List<Thread> stopping = new ArrayList<>();
    List<IOException> failures = new ArrayList<>();
    for (int ordinal : ordinals) {
      stopping.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  stop(ordinal, CLOSE_GRACE);
                } catch (IOException failure) {
                  synchronized (failures) {
                    failures.add(failure);
                  }
                }
              }));
    }
    for (Thread thread : stopping) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        throw Waiting.interrupted("stopping the set");
      }
    }
    net.close();
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  private void stop(int ordinal, Duration grace) throws IOException {
    Pod pod = pod(ordinal);
    pod.stop(grace);
    synchronized (this) {
      service.remove(pod.name());
      pods.remove(ordinal);
    }
    Tree.delete(files.confD(pod.name()));
    Tree.delete(files.scratch(pod.name()));
  }

  private void stopDownTo(int replicas) throws IOException {
    List<Integer> surplus;
    synchronized (this) {
      surplus = List.copyOf(pods.tailMap(replicas).keySet()).reversed();
    }
    for (int ordinal : surplus) {
      stop(ordinal);
    }
  }

  private synchronized boolean isStarted(int ordinal) {
    return pods.containsKey(ordinal);
  }
}
