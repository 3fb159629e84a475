package mysqlagents.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.ToStringConsumer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.HttpWaitStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.Base58;
import org.testcontainers.utility.DockerImageName;

/// One pod of a [MysqlSet]: what Kubernetes makes of the StatefulSet's template, made of a Docker
/// Engine's containers and volumes.
///
/// As there, a container that only sleeps holds what the others share: the network with the pod's
/// name, and the volumes.
final class Pod implements AutoCloseable {
  static final int MYSQL = 3306;
  static final int BACKUPS = 3307;
  static final int MANAGEMENT = 9307;

  /// Names of containers, for [#log(String)].
  static final String MYSQLD = "mysqld";

  static final String SIDECAR = "agent-sidecar";

  static final String HOLDER = "holder";
  private static final Duration LIMIT = Duration.ofMinutes(3);

  // Where each container sees the volumes.
  private static final String VOLUME = "/volume";
  private static final String DATA_DIRECTORY = "/var/lib/mysql";
  private static final String DONATION = "/volume/donation";
  private static final String CONFIGURATION = "/etc/mysql/conf.d";
  private static final String SECRETS = "/etc/mysql-agents";

  /// What kubelet does for `fsGroup: 999`.
  private static final String OWN =
      "chown -R 999:999 %s %s %s".formatted(VOLUME, CONFIGURATION, SECRETS);

  private static final String HOLD =
      "mkdir -p %s/mysql %s && %s && echo holding && exec sleep infinity"
          .formatted(VOLUME, DONATION, OWN);

  private final MysqlSet set;
  private final int ordinal;
  private final DockerClient docker = DockerClientFactory.lazyClient();
  private final Map<String, GenericContainer<?>> containers = new LinkedHashMap<>();
  private final Map<String, String> volumes = new LinkedHashMap<>();

  Pod(MysqlSet set, int ordinal) {
    this.set = set;
    this.ordinal = ordinal;
  }

  String name() {
    return "mysql-" + ordinal;
  }

  /// All that happens until the pod is `2/2`.
  void start() {
    hold();
    runToEnd("agent-init");
    runToEnd("agent-clone");
    startServer();
    startSidecar();
    awaitReady();
  }

  /// Begins with the network and the volumes, one of which has the secrets.
  void hold() {
    createVolume(VOLUME, Map.of());
    createVolume(CONFIGURATION, Map.of());
    createVolume(SECRETS, Map.of());
    GenericContainer<?> holder =
        container(set.serverImage(), VOLUME, CONFIGURATION, SECRETS)
            .withNetwork(set.network())
            .withNetworkAliases(name() + ".mysql", "mysql")
            .withExposedPorts(MYSQL, BACKUPS, MANAGEMENT)
            .withCreateContainerCmdModifier(create ->
                create.withHostName(name()).withUser("0").withEntrypoint("sh", "-c", HOLD))
            .waitingFor(Wait.forLogMessage("holding\\n", 1));
    set.secrets()
        .files()
        .forEach((file, content) ->
            holder.withCopyToContainer(Transferable.of(content, 0440), SECRETS + "/" + file));
    start(HOLDER, holder);
    createSubPath(DATA_DIRECTORY, "/mysql");
    createSubPath(DONATION, "/donation");
  }

  /// What Docker itself has from version 26 on, and Kubernetes calls a `subPath`.
  private void createSubPath(String path, String directory) {
    String data = docker.inspectVolumeCmd(volumes.get(VOLUME)).exec().getMountpoint();
    createVolume(path, Map.of("type", "none", "o", "bind", "device", data + directory));
  }

  /// An init container, which has to end well.
  void runToEnd(String command) {
    GenericContainer<?> agent = agent(command);
    set.configuration()
        .forEach((file, text) ->
            agent.withCopyToContainer(Transferable.of(text), "/mnt/config-map/" + file));
    start(
        command,
        agent.withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(LIMIT)));
  }

  void startServer() {
    start(
        MYSQLD,
        inNetwork(container(set.serverImage(), DATA_DIRECTORY, DONATION, CONFIGURATION, SECRETS))
            .withEnv("MYSQL_ROOT_PASSWORD", set.secrets().password("root")));
  }

  void startSidecar() {
    start(SIDECAR, agent(SIDECAR));
  }

  private GenericContainer<?> agent(String command) {
    return inNetwork(container(set.agentImage(), VOLUME, DATA_DIRECTORY, CONFIGURATION, SECRETS))
        .withCommand(command)
        .withEnv("POD_NAME", name())
        .withEnv("CONF_D_DIRECTORY", CONFIGURATION)
        // A name that always resolves; the usual one is Kubernetes's.
        .withEnv("CONTROL_NAME", name() + ".mysql")
        .withEnv(set.settings(ordinal));
  }

  private GenericContainer<?> container(String image, String... paths) {
    List<Mount> mounts = new ArrayList<>();
    for (String path : paths) {
      mounts.add(
          new Mount()
              .withType(MountType.VOLUME)
              .withSource(volumes.get(path))
              .withTarget(path)
              // What the image has there stays out of it.
              .withVolumeOptions(new VolumeOptions().withNoCopy(true)));
    }
    return new GenericContainer<>(DockerImageName.parse(image))
        .withCreateContainerCmdModifier(
            create -> Objects.requireNonNull(create.getHostConfig()).withMounts(mounts));
  }

  private GenericContainer<?> inNetwork(GenericContainer<?> container) {
    return container.withNetworkMode("container:" + of(HOLDER).getContainerId());
  }

  private void start(String container, GenericContainer<?> made) {
    ToStringConsumer said = new ToStringConsumer();
    containers.put(container, made.withLogConsumer(said));
    try {
      made.start();
    } catch (RuntimeException failure) {
      throw new IllegalStateException(
          "%s of %s did not start as it should:%n%s"
              .formatted(container, name(), said.toUtf8String()),
          failure);
    }
  }

  private void createVolume(String path, Map<String, String> options) {
    String volume = name() + path.replace('/', '-') + "-" + Base58.randomString(8);
    // By these labels Testcontainers removes what is left where a test's JVM is killed.
    Map<String, String> labels = new HashMap<>(DockerClientFactory.DEFAULT_LABELS);
    labels.put(DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL, DockerClientFactory.SESSION_ID);
    docker.createVolumeCmd().withName(volume).withDriverOpts(options).withLabels(labels).exec();
    volumes.put(path, volume);
  }

  void awaitReady() {
    try {
      new HttpWaitStrategy()
          .forPort(MANAGEMENT)
          .forPath("/readyz")
          .withStartupTimeout(LIMIT)
          .waitUntilReady(of(HOLDER));
    } catch (RuntimeException late) {
      throw new IllegalStateException(
          "%s is not ready. Its sidecar says:%n%s".formatted(name(), log(SIDECAR)), late);
    }
  }

  /// Stops a container as its pod's end does: with the time that it needs.
  void stop(String container) {
    docker.stopContainerCmd(of(container).getContainerId()).withTimeout(60).exec();
    of(container).stop();
    containers.remove(container);
  }

  /// Writes a file into one of the pod's volumes: a changed password, for one.
  void write(String path, byte[] content) {
    of(HOLDER).copyFileToContainer(Transferable.of(content, 0440), path);
    execute(HOLDER, "sh", "-c", OWN);
  }

  /// Runs a command in a container of this pod.
  ///
  /// @return what it prints
  String execute(String container, String... command) {
    try {
      ExecResult result = of(container).execInContainer(command);
      if (result.getExitCode() != 0) {
        throw new IllegalStateException(
            "in %s of %s, '%s' failed: %s"
                .formatted(container, name(), String.join(" ", command), result));
      }
      return result.getStdout();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stopped);
    }
  }

  /// The names of the containers that there are.
  Set<String> containers() {
    return containers.keySet();
  }

  /// What a container of this pod has written so far.
  String log(String container) {
    return of(container).getLogs();
  }

  /// Where this machine reaches a port of the pod.
  String address(int port) {
    return of(HOLDER).getHost() + ":" + of(HOLDER).getMappedPort(port);
  }

  private GenericContainer<?> of(String name) {
    return Objects.requireNonNull(containers.get(name), name);
  }

  /// Deletes the pod and its volumes.
  @Override
  public void close() {
    containers.values().stream().toList().reversed().forEach(GenericContainer::stop);
    containers.clear();
    volumes.values().stream()
        .toList()
        .reversed()
        .forEach(volume -> docker.removeVolumeCmd(volume).exec());
    volumes.clear();
  }
}
