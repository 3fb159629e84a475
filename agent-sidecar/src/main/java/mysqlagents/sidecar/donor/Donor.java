package mysqlagents.sidecar.donor;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import mysqlagents.files.Sizes;
import mysqlagents.sidecar.donor.Fitness.Fit;
import mysqlagents.sidecar.donor.Fitness.Unfit;
import mysqlagents.sidecar.replication.ReplicationState;
import mysqlagents.wire.BackupOutcome;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.DonorStatus;
import mysqlagents.wire.Problem;
import org.jspecify.annotations.Nullable;

/// Gives backups, one at a time, and remembers how they ended.
public final class Donor {
  private static final System.Logger LOG = System.getLogger(Donor.class.getName());

  /// How long a killed backup may take to clean up after itself.
  private static final Duration CLEAN_UP_LIMIT = Duration.ofSeconds(5);

  private final DonorSettings settings;
  private final DonorSource source;
  private final List<Engine> engines;
  private final DonorMeters meters;
  private final Outcomes outcomes = new Outcomes();

  /// The slot.
  private final AtomicReference<@Nullable Backup> running = new AtomicReference<>();

  /// Sends the newest backup; outlives its place in the slot by the last bytes of the body.
  private volatile @Nullable Thread sender;

  private volatile boolean stopping;

  public Donor(
      DonorSettings settings, DonorSource source, List<Engine> engines, DonorMeters meters) {
    this.settings = settings;
    this.source = source;
    this.engines = List.copyOf(engines);
    this.meters = meters;
    meters.watch(() -> running.get() != null);
  }

  /// Whether a backup can be given, but for one that may be running.
  private Fitness fitness(Optional<String> serverVersion) {
    return stopping
        ? new Unfit(
            Refusal.STOPPING,
            new Problem(
                "agent-sidecar on %s is being stopped".formatted(settings.pod()),
                "ask again when the pod is back, or ask another one"))
        : Fitness.judge(
            settings.pod(),
            serverVersion,
            engines,
            source.replication().get(),
            settings.lagLimit());
  }

  /// Serves a recipient on a thread of its own, or tells it why not.
  void give(Recipient recipient) {
    switch (fitness(source.serverVersion().get())) {
      case Unfit(Refusal reason, Problem problem) -> refuse(recipient, reason, problem);
      case Fit fit -> {
        Backup backup = new Backup(UUID.randomUUID().toString(), fit, settings, recipient, meters);
        if (running.compareAndSet(null, backup)) {
          begin(backup, recipient, fit);
        } else {
          refuse(recipient, Refusal.BUSY, busy());
        }
      }
    }
  }

  private void refuse(Recipient recipient, Refusal reason, Problem problem) {
    LOG.log(DEBUG, () -> "refused %s: %s".formatted(recipient.name(), problem.problem()));
    meters.refused(reason);
    recipient.refuse(reason, problem);
  }

  private Problem busy() {
    return new Problem(
        "busy: %s is giving a backup to another pod".formatted(settings.pod()),
        "ask again in a while, or ask another pod");
  }

  private void begin(Backup backup, Recipient recipient, Fit fit) {
    try {
      outcomes.put(outcome(backup, "running", null));
      sender =
          Thread.ofPlatform()
              .daemon()
              .name("backup " + backup.id())
              .start(() -> serve(backup, recipient, fit));
    } catch (Throwable failure) {
      running.set(null);
      throw failure;
    }
  }

  private void serve(Backup backup, Recipient recipient, Fit fit) {
    LOG.log(
        INFO,
        () ->
            "backup %s for %s began: %s"
                .formatted(backup.id(), recipient.name(), fit.engine().name(fit.serverVersion())));
    long began = System.nanoTime();
    BackupFailedException failure = null;
    try {
      recipient.hold();
      backup.run(source.dataSize().measure());
      leave(backup, outcome(backup, "completed", null));
      recipient.end(settings::stallLimit);
    } catch (BackupFailedException expected) {
      failure = expected;
    } catch (Throwable unexpected) {
      failure = unexpected(unexpected);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    if (failure == null) {
      LOG.log(INFO, () -> "backup %s completed: %s".formatted(backup.id(), figures(backup, took)));
      meters.ended(Ending.COMPLETED, took, backup.throttled());
    } else {
      fail(backup, recipient, failure, took);
    }
  }

  private void fail(
      Backup backup, Recipient recipient, BackupFailedException failure, Duration took) {
    LOG.log(
        WARNING,
        () ->
            "backup %s failed after %s: %s"
                .formatted(backup.id(), figures(backup, took), failure.getMessage()));
    meters.ended(failure.ending(), took, backup.throttled());
    // First this, then the cut: whoever sees the cut asks for the outcome at once.
    leave(backup, outcome(backup, "failed", failure.problem()));
    if (recipient.hasHead() || failure.ending() == Ending.RECIPIENT_GONE) {
      recipient.cut(failure);
    } else if (failure.ending() == Ending.STOPPED) {
      recipient.refuse(Refusal.STOPPING, failure.problem());
    } else {
      recipient.fail(failure.problem());
    }
  }

  /// Gives the slot free; the tool has ended by now.
  private void leave(Backup backup, BackupOutcome outcome) {
    outcomes.put(outcome);
    running.compareAndSet(backup, null);
  }

  private BackupFailedException unexpected(Throwable failure) {
    LOG.log(ERROR, () -> "a backup failed in a way that was not foreseen", failure);
    return new BackupFailedException(
        Ending.TOOL_FAILED,
        new Problem(
            "%s cannot run a backup: %s".formatted(settings.pod(), failure),
            "see the log of its agent-sidecar container"),
        failure);
  }

  private static BackupOutcome outcome(Backup backup, String state, @Nullable Problem problem) {
    return new BackupOutcome(backup.id(), state, backup.bytes(), problem);
  }

  private static String figures(Backup backup, Duration took) {
    return "%s in %.1f s".formatted(Sizes.text(backup.bytes()), took.toMillis() / 1000.0);
  }

  /// How a backup stands or ended; only the last few are known.
  Optional<BackupOutcome> outcome(String id) {
    Backup backup = running.get();
    return backup != null && backup.id().equals(id)
        ? Optional.of(outcome(backup, "running", null))
        : outcomes.find(id);
  }

  DonorStatus status() throws IOException {
    Optional<String> version = source.serverVersion().get();
    ReplicationState replication = source.replication().get();
    Optional<Engine> engine =
        version
            .flatMap(text -> Fitness.fitting(engines, text))
            .or(() -> engines.stream().findFirst());
    return new DonorStatus(
        BackupProtocol.VERSION,
        settings.pod().toString(),
        settings.pod().isPrimary() ? "primary" : "replica",
        // Law 4: a mysqld that answers has data, wherever our volume is mounted from.
        source.volume().holdsData() || version.isPresent(),
        running.get() != null,
        fitness(version) instanceof Unfit(Refusal _, Problem problem) ? problem.problem() : null,
        version.orElse(null),
        version.map(Donor::flavour).orElse(null),
        engine.map(found -> found.kind().word()).orElse(null),
        engine.map(found -> found.version(version.orElse(""))).orElse(null),
        source.dataSize().recent(),
        replication.word(),
        replication.knownLag().map(Duration::toSeconds).orElse(null));
  }

  private static String flavour(String version) {
    return version.contains("MariaDB") ? "mariadb" : "mysql";
  }

  /// Gives no further backup; one that is running may finish within `grace` and is cut then. On
  /// return no tool is running.
  public void stop(Duration grace) throws InterruptedException {
    stopping = true;
    Thread last = sender;
    if (last == null || last.join(grace)) {
      return;
    }
    Backup backup = running.get();
    if (backup != null) {
      backup.cut(
          new BackupFailedException(
              Ending.STOPPED,
              new Problem(
                  "agent-sidecar on %s was stopped and could not wait longer than %d s"
                      .formatted(settings.pod(), grace.toSeconds()),
                  "ask again when the pod is back, or ask another one")));
    }
    if (!last.join(CLEAN_UP_LIMIT)) {
      LOG.log(WARNING, () -> "the last backup did not end in time; it is left to its fate");
    }
  }
}
