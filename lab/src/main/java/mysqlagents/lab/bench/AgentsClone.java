package mysqlagents.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import mysqlagents.lab.AgentPrograms;
import mysqlagents.lab.Certificates;
import mysqlagents.lab.ReadinessProbe;
import mysqlagents.lab.Waiting;
import mysqlagents.testbed.ChildProcess;
import mysqlagents.wire.Json;
import org.jspecify.annotations.Nullable;

/// agent-sidecar and agent-clone, as processes with the flags that the manifests give them:
/// verified, prepared, on disk and promoted.
///
/// @param certificates with them as the agents come, over mutual TLS; without them in the clear, as
///   the bash pipeline
record AgentsClone(Donor donor, Optional<Certificates> certificates) implements Contestant {
  private static final Duration LIMIT = Duration.ofMinutes(30);
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(50);

  /// agent-clone's name for what [Run#COPY] is to all.
  private static final String RECEIVE = "receive";

  /// The part of agent-clone's last line that is of use here.
  private record Result(String result, @Nullable Map<String, Double> seconds) {}

  @Override
  public String name() {
    return certificates.isPresent() ? "agents with TLS" : "agents";
  }

  @Override
  public Run run() throws IOException {
    Path volume = donor.emptyCopy();
    donor.settle();
    AgentPrograms programs = AgentPrograms.find();
    Path hosts = Files.writeString(donor.root().resolve("hosts"), "127.0.0.1 localhost\n");
    try (ChildProcess sidecar = startSidecar(programs, hosts)) {
      awaitReady(sidecar);
      Path log = volume.resolve("agent-clone.log");
      long start = System.nanoTime();
      long peak = 0;
      ChildProcess clone =
          ChildProcess.start(
              programs.command("agent-clone", hosts, donor.temporary()),
              cloneSettings(volume),
              log);
      try {
        while (clone.isAlive()) {
          peak = Math.max(peak, PeakMemory.of(clone.pid()));
          requireTime(start, clone);
          Waiting.pause(POLL);
        }
        int status = clone.waitFor(LIMIT);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (status != 0) {
          throw new IOException(
              "agent-clone ended with %d:%n%s%nthe sidecar:%n%s"
                  .formatted(status, clone.logTail(20), sidecar.logTail(20)));
        }
        Map<String, Long> memory =
            Map.of("agent-clone", peak, "agent-sidecar", PeakMemory.of(sidecar.pid()));
        return new Run(stages(clone, seconds), memory);
      } finally {
        clone.killAll();
      }
    }
  }

  private ChildProcess startSidecar(AgentPrograms programs, Path hosts) throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("VOLUME_DIRECTORY", donor.volume().toString());
    settings.put("MYSQL_HOST", donor.server().address());
    settings.put("MYSQL_PORT", Integer.toString(donor.server().port()));
    settings.put("MANAGE_ACCOUNTS", "false");
    for (String account : List.of("MYSQL", "BACKUP", "REPLICATION")) {
      settings.put(account + "_USER", "root");
      settings.put(account + "_PASSWORD_FILE", donor.passwordFile().toString());
    }
    settings.putAll(common(0));
    return ChildProcess.start(
        programs.command("agent-sidecar", hosts, donor.temporary()),
        settings,
        donor.root().resolve("sidecar.log"));
  }

  /// The first answer of a fresh sidecar would otherwise be "not yet".
  private void awaitReady(ChildProcess sidecar) throws IOException {
    if (!Waiting.until(START_LIMIT, ReadinessProbe.of(donor.net().pod(0))::isReady)) {
      throw new IOException("agent-sidecar did not come up:%n%s".formatted(sidecar.logTail(20)));
    }
  }

  private Map<String, String> cloneSettings(Path volume) {
    Map<String, String> settings = new HashMap<>(common(1));
    settings.put("VOLUME_DIRECTORY", volume.toString());
    return settings;
  }

  private Map<String, String> common(int ordinal) {
    return Map.of(
        "POD_NAME", "mysql-" + ordinal,
        "LISTEN_ADDRESS", donor.net().pod(ordinal),
        "PEER_ADDRESS", donor.net().podTemplate(),
        "TLS", certificates.isPresent() ? "required" : "off",
        "TLS_DIRECTORY", certificates.map(Certificates::directory).map(Path::toString).orElse(""));
  }

  /// What agent-clone says of itself, and what its process took beside that: the JVM's start and
  /// end.
  private static SequencedMap<String, Double> stages(ChildProcess clone, double total)
      throws IOException {
    String last = clone.logTail(1);
    Result result = Json.read(last, Result.class, "agent-clone's last line");
    if (!"cloned".equals(result.result()) || result.seconds() == null) {
      throw new IOException("agent-clone made no clone: " + last);
    }
    SequencedMap<String, Double> stages = new LinkedHashMap<>();
    double named = 0;
    for (Map.Entry<String, Double> stage : result.seconds().entrySet()) {
      stages.put(stage.getKey().equals(RECEIVE) ? Run.COPY : stage.getKey(), stage.getValue());
      named += stage.getValue();
    }
    stages.put("start and end", total - named);
    return stages;
  }

  private static void requireTime(long start, ChildProcess clone) throws IOException {
    if (System.nanoTime() - start > LIMIT.toNanos()) {
      throw new IOException(
          "agent-clone still runs after %d s:%n%s".formatted(LIMIT.toSeconds(), clone.logTail(20)));
    }
  }
}
