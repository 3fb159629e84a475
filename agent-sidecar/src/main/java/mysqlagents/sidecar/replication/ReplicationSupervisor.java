package mysqlagents.sidecar.replication;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import mysqlagents.files.Volume;
import mysqlagents.journal.Journal;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.AgentMain;
import mysqlagents.main.Worker;
import mysqlagents.mysql.ReplicaStatus;
import mysqlagents.mysql.ReplicaStatus.LogPosition;
import mysqlagents.mysql.ServerVersion;
import mysqlagents.mysql.SupportedServers;
import mysqlagents.settings.PodName;
import mysqlagents.sidecar.replication.Diagnosis.Action;
import mysqlagents.sidecar.replication.Diagnosis.Circumstances;
import mysqlagents.sidecar.replication.ReplicationState.Broken;
import mysqlagents.sidecar.replication.ReplicationState.Primary;
import mysqlagents.sidecar.replication.ReplicationState.Unconfigured;
import mysqlagents.sidecar.replication.ReplicationState.Unknown;
import mysqlagents.sidecar.server.NoAnswerException;
import mysqlagents.sidecar.server.Server;
import org.jspecify.annotations.Nullable;

/// Watches over this pod's replication: sets it up, starts what stopped for a passing reason, and
/// names what cannot heal by itself. What a person has stopped on a running server is left alone.
public final class ReplicationSupervisor implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ReplicationSupervisor.class.getName());

  /// Restarts without any progress until an error that might have passed is called lasting. With
  /// [Backoff] that is some five minutes, on top of the server's own ten tries for each.
  private static final int TRIES = 10;

  /// A finding older than this is none. Longer than all that one look at the server may take, but
  /// for the set-up, during which there is nothing to be ready with.
  private static final Duration BEST_BEFORE = Duration.ofSeconds(20);

  /// How soon to look again while threads have only just started.
  private static final Duration SETTLING_POLL = Duration.ofMillis(250);

  private final Server server;
  private final Journal journal;
  private final Volume volume;
  private final PodName pod;
  private final ReplicationSettings settings;
  private final Duration pollInterval;

  private final LoginKeeper logins;
  private final DueStart start;
  private final StateLog log = new StateLog();
  private final Freshness freshness = new Freshness();
  private final Backoff restarting = new Backoff();
  private final Backoff settingUp = new Backoff();

  /// For looks that a server left unanswered which answers other questions. Each may leave a thread
  /// in the server that waits on, and one of its connections with it, of which there are few.
  private final Backoff unanswered = new Backoff();

  private boolean saidUnanswered;

  private final AtomicLong restarts = new AtomicLong();
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Worker worker;

  private @Nullable Replica replica;
  private @Nullable String channel;
  private @Nullable LogPosition appliedAtRestart;

  /// Whether mysqld has not been looked at since it started.
  private boolean serverIsNew = true;

  private volatile Published published =
      new Published(new Unknown("mysqld has not been asked yet"), now(), 0, null, Optional.empty());

  /// One look at the server.
  private record Published(
      ReplicationState state,
      Duration at,
      int errorNumber,
      @Nullable ReplicaStatus status,
      Optional<Duration> staleness) {}

  public ReplicationSupervisor(
      Server server,
      Journal journal,
      Volume volume,
      PodName pod,
      ReplicationSettings settings,
      Duration pollInterval) {
    this.server = server;
    this.journal = journal;
    this.volume = volume;
    this.pod = pod;
    this.settings = settings;
    this.pollInterval = pollInterval;
    this.logins = new LoginKeeper(journal, volume, pod, settings);
    this.start = new DueStart(journal);
  }

  /// Begins to supervise, on a thread of its own.
  public void start() {
    worker = Worker.start("replication", this::run);
  }

  /// What was found last. A finding that has grown old, because mysqld or this supervisor hangs, is
  /// given as [Unknown].
  public ReplicationState state() {
    Published last = published;
    Duration age = now().minus(last.at());
    return age.compareTo(BEST_BEFORE.plus(pollInterval)) <= 0 || last.state() instanceof Unknown
        ? last.state()
        : new Unknown("nothing has been found out for %d s".formatted(age.toSeconds()));
  }

  /// How old this replica's data is at this moment, in whatever state; empty if that was never
  /// known, and on the primary.
  public Optional<Duration> staleness() {
    Published last = published;
    return last.staleness().map(then -> then.plus(now()).minus(last.at()));
  }

  /// How often replication was started again after it had stopped, since this agent started.
  public long restarts() {
    return restarts.get();
  }

  /// The number of the error that is in the way now; 0 for none.
  public int errorNumber() {
    return published.errorNumber();
  }

  /// The server's own account, as last seen; empty on the primary and while there is none.
  public Optional<ReplicaStatus> status() {
    return Optional.ofNullable(published.status());
  }

  private void run() throws InterruptedException {
    do {
      look();
    } while (!closed.await(pause().toMillis(), TimeUnit.MILLISECONDS));
  }

  private Duration pause() {
    return freshness.isSettling(now()) && pollInterval.compareTo(SETTLING_POLL) > 0
        ? SETTLING_POLL
        : pollInterval;
  }

  private void look() throws InterruptedException {
    try {
      if (serverIsNew) {
        warnIfNotSupported();
      }
      if (pod.isPrimary()) {
        server.askVersion();
        publish(new Primary(), 0, null);
      } else {
        supervise();
      }
      wasAnswered();
    } catch (NoAnswerException failure) {
      noAnswer(failure);
    } catch (SQLException | RuntimeException failure) {
      if (closed.getCount() == 0) {
        return;
      }
      LOG.log(DEBUG, () -> "a look at replication failed", failure);
      publish(new Unknown(AgentMain.withCauses(failure)), 0, null);
    }
  }

  private void warnIfNotSupported() throws SQLException {
    SupportedServers.warning(ServerVersion.parse(server.askVersion()))
        .ifPresent(warning -> LOG.log(WARNING, warning::toString));
    serverIsNew = false;
  }

  /// The server may come back with another version, and without the settings it had.
  private void noAnswer(NoAnswerException failure) throws InterruptedException {
    String why = failure.isRefused() ? "waiting for accounts: " : "";
    publish(new Unknown(why + failure.getMessage()), 0, null);
    replica = null;
    channel = null;
    settingUp.reset();
    logins.forget();
    serverIsNew |= !failure.isRefused();
    if (failure.isRefused() || pod.isPrimary() || !answersAtOnce()) {
      server.awaitAnswer();
      if (pod.isPrimary() || !owesStatus()) {
        wasAnswered();
        return;
      }
    }
    awaitStatus(failure);
  }

  private boolean answersAtOnce() {
    try {
      server.askVersion();
      return true;
    } catch (SQLException _) {
      return false;
    }
  }

  private void wasAnswered() {
    unanswered.reset();
    saidUnanswered = false;
  }

  /// A MariaDB whose IO thread waits for room on the disk says nothing about replication until it
  /// has it. Once is no sign of that, unless it can be seen to wait: mysqld may have started again
  /// between two looks.
  private void awaitStatus(NoAnswerException failure) throws InterruptedException {
    Duration pause = unanswered.triedInVain();
    if (pause.isZero() && !owesStatus()) {
      return;
    }
    String problem =
        "mysqld answers, but the status of its replication does not come; is its disk full? (%s)"
            .formatted(failure.getMessage());
    if (!saidUnanswered) {
      saidUnanswered = true;
      LOG.log(
          WARNING,
          () ->
              "replication is unknown: %s; what to do: make room on its volume, or see mysqld's log; it goes on by itself then"
                  .formatted(problem));
    }
    long until = System.nanoTime() + pause.toNanos();
    do {
      publish(new Unknown(problem), 0, null);
      Thread.sleep(pollInterval);
    } while (System.nanoTime() < until || owesStatus());
  }

  /// Waits for an answer if there is none: another connection may just have been one too many.
  private boolean owesStatus() throws InterruptedException {
    while (true) {
      try {
        return Replica.of(server).owesStatus();
      } catch (NoAnswerException failure) {
        publish(new Unknown(AgentMain.withCauses(failure)), 0, null);
        server.awaitAnswer();
      } catch (SQLException | AgentFailure | RuntimeException _) {
        // The next look finds out.
        return false;
      }
    }
  }

  private void supervise() throws SQLException, InterruptedException {
    Optional<ReplicaStatus> status = channel == null ? Optional.empty() : statusOf(channel);
    if (status.isEmpty()) {
      if (!setUp()) {
        return;
      }
      status = statusOf(String.valueOf(channel));
    }
    if (status.isPresent()) {
      judge(status.get());
    }
  }

  private Optional<ReplicaStatus> statusOf(String name) throws SQLException {
    for (ReplicaStatus status : replica().status()) {
      if (status.channel().equals(name)) {
        return Optional.of(status);
      }
    }
    channel = null;
    return Optional.empty();
  }

  private Replica replica() {
    return Objects.requireNonNull(replica);
  }

  /// Whether replication is set up now; if not, the state says why.
  private boolean setUp() throws SQLException, InterruptedException {
    if (!settingUp.isDue(now())) {
      // Only to notice that mysqld is gone: after its next start all is looked at anew.
      server.askVersion();
      publish(published.state(), published.errorNumber(), null);
      return false;
    }
    try {
      settingUp.tried(now());
      replica = Replica.of(server);
      String found =
          new ReplicationSetup(
                  replica,
                  journal,
                  volume,
                  pod,
                  settings,
                  step -> LOG.log(DEBUG, () -> "replication set-up: " + step))
              .complete();
      start.recall();
      channel = found;
      settingUp.reset();
      return true;
    } catch (AgentFailure failure) {
      publish(new Unconfigured(AgentMain.withCauses(failure), failure.remedy()), 0, null);
    } catch (IOException failure) {
      if (closed.getCount() == 0) {
        return false;
      }
      publish(
          new Unconfigured(
              AgentMain.withCauses(failure),
              "put that file right (to remove it is no cure), or " + ErrorGuide.CLONE_AGAIN),
          0,
          null);
    } catch (NoAnswerException failure) {
      throw failure;
    } catch (SQLException failure) {
      start.wasRefused(failure);
      publish(
          new Unconfigured(
              AgentMain.withCauses(failure),
              ErrorGuide.remedyOfRefusedSetUp(failure.getErrorCode())),
          failure.getErrorCode(),
          null);
    }
    return false;
  }

  private void judge(ReplicaStatus status) throws SQLException, InterruptedException {
    Duration now = now();
    freshness.observe(status, now);
    start.observe(status);
    if (!status.applied().equals(appliedAtRestart) && status.bothThreadsRun()) {
      restarting.reset();
    }
    Diagnosis diagnosis =
        Diagnosis.of(
            status,
            new Circumstances(
                start.isDue() || !replica().wasStartedByCommand(),
                freshness.staleness(now),
                freshness.silence(now),
                restarting.tries() >= TRIES));
    if (diagnosis.action() == Action.START && start.refusal().isPresent()) {
      Broken refusal = start.refusal().get();
      publish(refusal, refusal.errorNumber(), status);
    } else {
      publish(diagnosis.state(), diagnosis.error().number(), status);
    }
    if (diagnosis.isLeftToAPerson()) {
      start.settle();
      return;
    }
    switch (logins.tend(replica(), status, now)) {
      case LEFT -> act(diagnosis, status, now);
      case CHANGED -> start.settle();
      // Back to the journal.
      case FAILED -> channel = null;
    }
  }

  private void act(Diagnosis diagnosis, ReplicaStatus status, Duration now) throws SQLException {
    switch (diagnosis.action()) {
      case LEAVE -> start.settle();
      case START, RETRY -> {
        if (restarting.isDue(now)) {
          restarting.tried(now);
          restart(status);
        }
      }
    }
  }

  private void restart(ReplicaStatus status) throws SQLException {
    appliedAtRestart = status.applied();
    if (start.send(replica(), status.channel())) {
      restarts.incrementAndGet();
      LOG.log(INFO, () -> "started replication at %s".formatted(status.applied()));
    }
  }

  private void publish(ReplicationState state, int errorNumber, @Nullable ReplicaStatus status) {
    Duration now = now();
    published = new Published(state, now, errorNumber, status, freshness.staleness(now));
    log.note(state, errorNumber);
  }

  private static Duration now() {
    return Duration.ofNanos(System.nanoTime());
  }

  /// Stops supervising. Replication itself goes on.
  @Override
  public void close() {
    closed.countDown();
    if (worker != null) {
      worker.close();
    }
  }
}
