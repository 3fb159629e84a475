package mysqlagents.sidecar.donor;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import mysqlagents.mysql.CloneStatements;
import mysqlagents.sidecar.server.LogIn;
import mysqlagents.sidecar.server.Session;
import org.jspecify.annotations.Nullable;

/// Ends copies that mysqld makes for nobody, and removes what they have left on the volume: up to
/// as much as all data.
///
/// A copy outlives its backup when mysqld cannot be told to end it, because mysqld hangs, or when
/// the sidecar is killed. It goes on where its directory was removed, and makes that anew.
final class DonationSweep {
  private static final System.Logger LOG = System.getLogger(DonationSweep.class.getName());
  private static final Duration PAUSE = Duration.ofSeconds(2);

  /// How long mysqld may take to hear of an end.
  private static final Duration END_LIMIT = Duration.ofSeconds(5);

  private final LogIn logIn;
  private final DonationHome home;
  private final ExecutorService sweeper =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("donation sweep").factory());

  DonationSweep(LogIn logIn, DonationHome home) {
    this.logIn = logIn;
    this.home = home;
  }

  /// Sweeps in the background, and again until mysqld has said that it makes no such copy.
  void begin() {
    sweeper.execute(() -> {
      try {
        while (!isClean()) {
          Thread.sleep(PAUSE);
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    });
  }

  private boolean isClean() {
    try (Session session = Session.open(logIn)) {
      if (endCopies(session)) {
        // mysqld takes a moment to clear away what it has.
        return false;
      }
      home.removeLeftovers();
      return true;
    } catch (SQLException failure) {
      LOG.log(DEBUG, () -> "mysqld was to be asked for its copies: " + failure.getMessage());
    } catch (IOException failure) {
      LOG.log(WARNING, () -> "cannot remove " + home.directory().resolve("backup-*"), failure);
    }
    return false;
  }

  /// Ends what no backup of ours has asked for. A second copy at the same time is an error.
  ///
  /// @return whether there was any
  boolean endCopies(Session session) throws SQLException {
    boolean any = false;
    for (Map<String, @Nullable String> row : session.rows(CloneStatements.connections())) {
      String id = row.get("Id");
      String info = row.get("Info");
      if (id != null && info != null && CloneStatements.isCopy(info) && !home.isInUse(info)) {
        session.execute(CloneStatements.endStatement(id), END_LIMIT);
        LOG.log(INFO, () -> "ended a copy that mysqld was still making for nobody");
        any = true;
      }
    }
    return any;
  }
}
