package mysqlagents.sidecar.server;

import static java.lang.System.Logger.Level.INFO;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;
import javax.sql.DataSource;
import mysqlagents.mysql.Secret;
import org.jspecify.annotations.Nullable;

/// Logs an account in, with whichever of its passwords the server takes: the file's first line, its
/// second, or the one that was taken last.
///
/// A replica gets a new password by replication, and may be told of it by the file before that. It
/// must be able to log in all the same, or it could not start the replication that brings it.
public final class LogIn implements DataSource {
  private static final System.Logger LOG = System.getLogger(LogIn.class.getName());

  private final Endpoint server;
  private final Account account;
  private volatile @Nullable Secret taken;
  private volatile boolean refused;

  public LogIn(Endpoint server, Account account) {
    this.server = server;
    this.account = account;
  }

  Endpoint server() {
    return server;
  }

  /// Who logs in.
  public Account account() {
    return account;
  }

  /// Whether the server did not let the account in when it was last tried.
  public boolean isRefused() {
    return refused;
  }

  /// A password that the server takes; it is asked.
  ///
  /// @throws NoAnswerException if there is none, or no answer
  public Secret workingPassword() throws NoAnswerException {
    try (Connection _ = getConnection()) {
      Secret working = taken;
      return working == null ? new Secret("") : working;
    } catch (SQLException failure) {
      throw Failures.noAnswer(server, account.user(), failure);
    }
  }

  /// @throws NoAnswerException naming the password file that cannot be read
  List<Secret> passwords() throws NoAnswerException {
    try {
      return account.passwords();
    } catch (IOException unreadable) {
      throw new NoAnswerException(
          "the password of '%s' cannot be read from %s"
              .formatted(account.user(), account.passwordFile().orElseThrow()),
          unreadable);
    }
  }

  @Override
  public Connection getConnection() throws SQLException {
    List<Secret> candidates = new ArrayList<>(passwords());
    Secret before = taken;
    if (before != null && !candidates.contains(before)) {
      candidates.add(before);
    }
    SQLException refusal = null;
    for (Secret candidate : candidates) {
      try {
        Connection connection = server.connect(account.user(), candidate);
        taken(candidate, candidates);
        return connection;
      } catch (SQLException failure) {
        refused = Failures.isRefusal(failure);
        if (!refused) {
          throw failure;
        }
        // The first counts for the message: it is the one that ought to work.
        refusal = refusal == null ? failure : refusal;
      }
    }
    throw refusal == null ? new SQLException("no password to try") : refusal;
  }

  private void taken(Secret password, List<Secret> candidates) {
    refused = false;
    boolean changed = !password.equals(taken);
    taken = password;
    if (changed && !password.equals(candidates.getFirst())) {
      LOG.log(
          INFO,
          () ->
              "%s does not know the new password of '%s' yet, but takes the one before"
                  .formatted(server, account.user()));
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the account is given");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {
    // System.Logger is used.
  }

  @Override
  public void setLoginTimeout(int seconds) {
    // The endpoint has its own.
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("System.Logger is used");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("not a wrapper of " + type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
