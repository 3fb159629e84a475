package mysqlagents.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import mysqlagents.lab.Accounts.Account;
import mysqlagents.testbed.ChildProcess;
import mysqlagents.testbed.LoopbackNet;
import mysqlagents.testbed.ServerPrograms;

/// What the set's pods consist of. Changes count for pods that are started afterwards.
public final class PodTemplate {
  static final int BACKUP_PORT = 3307;
  static final int MANAGEMENT_PORT = 9307;
  private static final int SERVER_ID_BASE = 100;

  /// A container's memory limit would say this; here several pods share a machine.
  private static final long PREPARE_MEMORY = 128L << 20;

  private static final Map<String, Account> PASSWORD_FILES =
      Map.of(
          "ROOT_PASSWORD_FILE", Account.ROOT,
          "MYSQL_PASSWORD_FILE", Account.AGENT,
          "BACKUP_PASSWORD_FILE", Account.BACKUP,
          "REPLICATION_PASSWORD_FILE", Account.REPLICATION);

  private final LabFiles files;
  private final ServerPrograms servers;
  private final AgentPrograms agents;
  private final LoopbackNet net;
  private final Accounts accounts;
  private final Certificates certificates;
  private final Map<String, String> variables = new ConcurrentHashMap<>();
  private final Map<Integer, Map<String, String>> podVariables = new ConcurrentHashMap<>();
  private final Map<String, List<String>> wrappers = new ConcurrentHashMap<>();
  private final List<String> serverOptions = new CopyOnWriteArrayList<>();
  private volatile Duration longestPause = Container.LONGEST_PAUSE;

  PodTemplate(
      LabFiles files,
      ServerPrograms servers,
      AgentPrograms agents,
      LoopbackNet net,
      Accounts accounts,
      Certificates certificates) {
    this.files = files;
    this.servers = servers;
    this.agents = agents;
    this.net = net;
    this.accounts = accounts;
    this.certificates = certificates;
  }

  /// Sets an environment variable of all agents.
  public PodTemplate variable(String name, String value) {
    variables.put(name, value);
    return this;
  }

  /// Sets an environment variable of one pod's agents.
  public PodTemplate variable(int ordinal, String name, String value) {
    podVariables.computeIfAbsent(ordinal, _ -> new ConcurrentHashMap<>()).put(name, value);
    return this;
  }

  /// Adds options of mysqld.
  public PodTemplate serverOptions(String... options) {
    serverOptions.addAll(List.of(options));
    return this;
  }

  /// Lets containers wait no longer than this between two starts.
  public PodTemplate longestPause(Duration pause) {
    longestPause = pause;
    return this;
  }

  /// Puts `words` before the command of one pod's agent; none takes them away.
  ///
  /// @param agent `agent-init`, `agent-clone` or `agent-sidecar`
  public PodTemplate wrapper(int ordinal, String agent, String... words) {
    wrappers.put(podName(ordinal) + " " + agent, List.of(words));
    return this;
  }

  static String podName(int ordinal) {
    return MiniatureStatefulSet.NAME + "-" + ordinal;
  }

  Pod pod(int ordinal) throws IOException {
    String name = podName(ordinal);
    String address = net.pod(ordinal);
    return new Pod(
        name,
        address,
        files.volume(name),
        ReadinessProbe.of(address),
        List.of(agent("agent-init", ordinal), agent("agent-clone", ordinal)),
        List.of(mysqld(name, address), agent("agent-sidecar", ordinal)));
  }

  /// An agent of a pod by itself, not started.
  Container agent(String agent, int ordinal) throws IOException {
    String pod = podName(ordinal);
    for (Path directory :
        List.of(
            files.volume(pod), files.confD(pod), files.scratch(pod), files.logs().resolve(pod))) {
      Files.createDirectories(directory);
    }
    List<String> command = new ArrayList<>(wrappers.getOrDefault(pod + " " + agent, List.of()));
    command.addAll(agents.command(agent, files.hosts(), files.scratch(pod)));
    Map<String, String> environment = environment(agent, ordinal);
    return new Container(
        agent,
        files.log(pod, agent),
        longestPause,
        log -> ChildProcess.start(command, environment, log));
  }

  private Container mysqld(String pod, String address) {
    Mysqld mysqld =
        new Mysqld(
            servers,
            address,
            files.volume(pod),
            files.confD(pod),
            files.scratch(pod),
            List.copyOf(serverOptions));
    return new Container(
        "mysqld", files.log(pod, "mysqld"), longestPause, log -> mysqld.start(accounts, log));
  }

  private Map<String, String> environment(String agent, int ordinal) {
    String pod = podName(ordinal);
    Map<String, String> environment = new HashMap<>();
    environment.put("POD_NAME", pod);
    environment.put("VOLUME_DIRECTORY", files.volume(pod).toString());
    environment.put("SERVICE_NAME", MiniatureStatefulSet.NAME);
    environment.put("PEER_ADDRESS", net.podTemplate());
    environment.put("BACKUP_PORT", Integer.toString(BACKUP_PORT));
    environment.put("TERMINATION_MESSAGE_PATH", files.terminationMessage(pod, agent).toString());
    environment.put("SERVER_ID_BASE", Integer.toString(SERVER_ID_BASE));
    environment.put("CONFIG_MAP_DIRECTORY", files.configMap().toString());
    environment.put("CONF_D_DIRECTORY", files.confD(pod).toString());
    environment.put("LISTEN_ADDRESS", net.pod(ordinal));
    environment.put("MANAGEMENT_PORT", Integer.toString(MANAGEMENT_PORT));
    environment.put("MYSQL_HOST", net.pod(ordinal));
    environment.put("MYSQL_PORT", Integer.toString(Mysqld.PORT));
    environment.put("TLS_DIRECTORY", certificates.directory().toString());
    PASSWORD_FILES.forEach(
        (setting, account) -> environment.put(setting, accounts.passwordFile(account).toString()));
    environment.put("PREPARE_MEMORY_BYTES", Long.toString(PREPARE_MEMORY));
    environment.put("PROGRESS_INTERVAL_SECONDS", "1");
    environment.put("POLL_INTERVAL_SECONDS", "1");
    environment.putAll(variables);
    environment.putAll(podVariables.getOrDefault(ordinal, Map.of()));
    return environment;
  }
}
