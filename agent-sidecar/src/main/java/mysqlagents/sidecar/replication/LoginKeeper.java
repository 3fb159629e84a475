package mysqlagents.sidecar.replication;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import mysqlagents.files.Volume;
import mysqlagents.journal.Journal;
import mysqlagents.journal.ReplicationRecord;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.AgentMain;
import mysqlagents.mysql.ReplicaStatus;
import mysqlagents.mysql.ReplicationSource;
import mysqlagents.settings.PodName;
import mysqlagents.sidecar.server.NoAnswerException;

/// Lets the channel's login follow the settings and the password's file.
final class LoginKeeper {
  private static final System.Logger LOG = System.getLogger(LoginKeeper.class.getName());

  private final Journal journal;
  private final Volume volume;
  private final PodName pod;
  private final ReplicationSettings settings;
  private final Login login = new Login();
  private final Backoff failures = new Backoff();
  private String said = "";

  LoginKeeper(Journal journal, Volume volume, PodName pod, ReplicationSettings settings) {
    this.journal = journal;
    this.volume = volume;
    this.pod = pod;
    this.settings = settings;
  }

  enum Outcome {
    /// There was nothing to be done, or it is not time yet.
    LEFT,
    /// Replication was stopped, changed and started.
    CHANGED,
    /// It was tried in vain. The journal says whether something is left to be done.
    FAILED
  }

  /// mysqld may have been restarted, or may have been given other settings.
  void forget() {
    login.forget();
    failures.reset();
  }

  /// @param status of a channel that nobody has stopped on purpose
  Outcome tend(Replica replica, ReplicaStatus status, Duration now)
      throws NoAnswerException, InterruptedException {
    Optional<ReplicationSource> wanted = wanted();
    if (wanted.isEmpty() || !isThatOf(status, wanted.get())) {
      return Outcome.LEFT;
    }
    Optional<String> mismatch = login.mismatch(status, wanted.get());
    if (mismatch.isEmpty() || !failures.isDue(now)) {
      return Outcome.LEFT;
    }
    failures.tried(now);
    try {
      change(replica, status, wanted.get());
    } catch (NoAnswerException failure) {
      throw failure;
    } catch (AgentFailure | IOException | SQLException failure) {
      complain(failure);
      return Outcome.FAILED;
    }
    failures.reset();
    login.sent(wanted.get());
    say(
        INFO,
        "replication was given its login at %s anew: %s".formatted(wanted.get(), mismatch.get()));
    return Outcome.CHANGED;
  }

  /// Empty while the password cannot be read: the server has one, which may well do.
  private Optional<ReplicationSource> wanted() {
    try {
      return Optional.of(settings.primaryOf(pod));
    } catch (IOException unreadable) {
      complain(unreadable);
      return Optional.empty();
    }
  }

  private void complain(Exception failure) {
    say(
        WARNING,
        "replication's login at the primary cannot be kept up to date: %s; it is tried again"
            .formatted(AgentMain.withCauses(failure)));
  }

  /// Another server than the primary, in a channel that was adopted, must not be given the
  /// primary's password.
  private boolean isThatOf(ReplicaStatus status, ReplicationSource wanted) {
    boolean same = status.host().equals(wanted.host()) && status.port() == wanted.port();
    if (!same) {
      String found = "%s:%d".formatted(status.host(), status.port());
      say(
          WARNING,
          "replication comes from %s, not from %s as PEER_ADDRESS and REPLICATION_PORT have it; its login is left alone, and a changed password does not reach it"
              .formatted(found, wanted));
    }
    return same;
  }

  private void change(Replica replica, ReplicaStatus status, ReplicationSource wanted)
      throws AgentFailure, IOException, SQLException, InterruptedException {
    Optional<ReplicationRecord> record = journal.replication();
    if (record.isEmpty()) {
      throw new IOException("the journal has lost its replication record");
    }
    new Reconnection(replica, journal, volume, _ -> {})
        .make(status.channel(), record.get(), wanted);
  }

  /// Once, until there is something else to say.
  private void say(System.Logger.Level level, String line) {
    if (!line.equals(said) || level == INFO) {
      said = line;
      LOG.log(level, line::toString);
    }
  }
}
