package mysqlagents.sidecar.donor;

import static java.lang.System.Logger.Level.DEBUG;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import mysqlagents.mysql.CloneStatements;
import mysqlagents.sidecar.server.LogIn;
import mysqlagents.sidecar.server.NoAnswerException;
import mysqlagents.sidecar.server.Session;

/// mysqld at work on a copy of its data: one statement, on a connection and a thread of its own.
final class DonationCopy implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(DonationCopy.class.getName());

  /// The driver's clock for one statement ends at 24 days. A mysqld that hangs is noticed by its
  /// copy's not growing, long before.
  private static final Duration STATEMENT_LIMIT = Duration.ofDays(20);

  /// How long mysqld may take to end a statement that was killed, and to clear away its copy.
  private static final Duration END_LIMIT = Duration.ofSeconds(4);

  private final LogIn logIn;
  private final Session session;
  private final String connectionId;
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  private DonationCopy(LogIn logIn, Session session, String connectionId) {
    this.logIn = logIn;
    this.session = session;
    this.connectionId = connectionId;
  }

  static DonationCopy start(LogIn logIn, Path place) throws SQLException {
    Session session = Session.open(logIn);
    try {
      DonationCopy copy =
          new DonationCopy(logIn, session, session.value(CloneStatements.connectionId()));
      Thread.ofPlatform().daemon().name("copy").start(() -> copy.run(place));
      return copy;
    } catch (SQLException | RuntimeException failure) {
      session.close();
      throw failure;
    }
  }

  private void run(Path place) {
    try {
      session.execute(CloneStatements.copyTo(place.toString()), STATEMENT_LIMIT);
      done.complete(null);
    } catch (SQLException | RuntimeException failure) {
      done.completeExceptionally(failure);
    }
  }

  /// Waits for the end of the copy.
  ///
  /// @return whether it has come within `limit`
  /// @throws SQLException if mysqld could not make it
  boolean await(Duration limit) throws SQLException, InterruptedException {
    try {
      done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof SQLException cause
          ? cause
          : new SQLException(failure.getCause());
    }
  }

  /// Whether mysqld has said that it is through with the copy, or never began it. A broken
  /// connection says nothing: mysqld goes on without it.
  boolean isOver() {
    return done.isDone() && !(done.isCompletedExceptionally() && isUnanswered());
  }

  private boolean isUnanswered() {
    return done.exceptionNow() instanceof NoAnswerException;
  }

  /// Ends the copy, if it has not ended. Where mysqld does not listen, it is left to a
  /// [DonationSweep].
  void kill() {
    if (done.isDone()) {
      return;
    }
    try (Session other = Session.open(logIn)) {
      other.execute(CloneStatements.endStatement(connectionId), END_LIMIT);
      await(END_LIMIT);
    } catch (SQLException failure) {
      LOG.log(DEBUG, () -> "a copy was to be ended: " + failure.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    session.abort();
  }

  @Override
  public void close() throws SQLException {
    if (done.isDone()) {
      session.close();
    } else {
      kill();
    }
  }
}
