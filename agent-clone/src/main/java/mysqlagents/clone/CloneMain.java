package mysqlagents.clone;

import static java.lang.System.Logger.Level.INFO;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.security.Security;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import mysqlagents.journal.Journal;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.AgentMain;
import mysqlagents.settings.PodName;
import mysqlagents.wire.Json;

/// The init container that goes second: gives a pod without data a copy of another pod's.
///
/// May be killed at any instruction; the next start finds the data directory absent or whole.
public final class CloneMain {
  private static final System.Logger LOG = System.getLogger(CloneMain.class.getName());

  private CloneMain() {}

  public static void main(String[] arguments) {
    rememberNamesBriefly();
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(CloneMain::endChildren));
    System.exit(AgentMain.run("agent-clone", () -> run(System.getenv())).value());
  }

  private static void run(Map<String, String> variables)
      throws IOException, AgentFailure, InterruptedException {
    CloneSettings settings = CloneSettings.from(variables);
    LOG.log(INFO, () -> "agent-clone for " + settings);
    Network.warnIfOff(settings.tls());
    try (VolumeLock _ = VolumeLock.take(settings.volume())) {
      Staging staging = new Staging(settings.volume().staging());
      report(
          settings.restoreFrom().isPresent()
              ? restore(settings, staging, settings.restoreFrom().get())
              : clone(settings, staging));
    }
  }

  private static CloneResult restore(CloneSettings settings, Staging staging, String source)
      throws IOException, AgentFailure, InterruptedException {
    // Before anything is cleared away.
    Restoration.requireElsewhere(source, staging);
    prepare(settings, staging);
    return new Restoration(settings, staging, journal(settings)).run(source);
  }

  private static CloneResult clone(CloneSettings settings, Staging staging)
      throws IOException, AgentFailure, InterruptedException {
    prepare(settings, staging);
    return switch (Decision.decide(settings.pod(), DataDirectory.holdsData(settings.volume()))) {
      case Decision.KeepData() -> CloneResult.kept(settings.pod());
      case Decision.StartEmpty() -> startEmpty(settings);
      case Decision.CloneFrom(List<PodName> donors) -> copy(settings, staging, donors);
    };
  }

  private static void prepare(CloneSettings settings, Staging staging) throws IOException {
    staging.remove();
    // Where this pod's own mysqld copies to. Its container mounts the directory and must find it.
    Files.createDirectories(settings.volume().donation());
  }

  private static CloneResult startEmpty(CloneSettings settings)
      throws IOException, AgentFailure, InterruptedException {
    try (Network network = network(settings);
        WaitingStatus _ = waiting(settings, network)) {
      new LivingSet(settings, network, InetAddress::getAllByName, LivingSet.PATIENCE)
          .requireNoData();
      journal(settings).clear();
      return CloneResult.empty(settings.pod());
    }
  }

  private static CloneResult copy(CloneSettings settings, Staging staging, List<PodName> donors)
      throws IOException, AgentFailure, InterruptedException {
    try (Network network = network(settings);
        WaitingStatus _ = waiting(settings, network)) {
      // Without data nothing in the journal can be true: it is of a clone that was never promoted,
      // or of data that somebody has taken away.
      Journal journal = journal(settings);
      journal.clear();
      return new Cloner(
              new CloneAttempt(settings, network, staging, journal),
              new Backoff(RandomGenerator.getDefault()),
              settings.timeLimit())
          .cloneFrom(donors);
    }
  }

  /// Only for a pod that needs the others: one that has its data starts without a certificate, too.
  private static Network network(CloneSettings settings) throws AgentFailure {
    return Network.open(settings.tls(), settings.backupPort());
  }

  private static WaitingStatus waiting(CloneSettings settings, Network network) {
    return WaitingStatus.start(settings.pod(), settings.listenAddress(), network);
  }

  private static Journal journal(CloneSettings settings) {
    return new Journal(settings.volume().agent());
  }

  private static void report(CloneResult result) {
    LOG.log(INFO, result::sentence);
    AgentMain.writeTerminationMessage(result.sentence());
    System.out.println(Json.line(result));
  }

  /// The JDK remembers addresses for 30 seconds and failures for 10; a pod that restarts has a new
  /// address at once.
  private static void rememberNamesBriefly() {
    Security.setProperty("networkaddress.cache.ttl", "2");
    Security.setProperty("networkaddress.cache.negative.ttl", "1");
  }

  /// On `SIGTERM` too, no prepare is left behind.
  private static void endChildren() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
  }
}
