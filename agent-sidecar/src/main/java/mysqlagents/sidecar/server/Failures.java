package mysqlagents.sidecar.server;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import mysqlagents.mysql.Secret;
import mysqlagents.mysql.Sql;

/// Makes one clear exception of what the driver and the pool throw. None of them holds a secret.
final class Failures {
  /// Refusals that have no SQLSTATE of class 28: by host, expired, locked (MySQL and MariaDB).
  private static final Set<Integer> REFUSED = Set.of(1130, 1862, 3118, 4151);

  private Failures() {}

  /// A statement's failure, or that there is no server to send it to.
  static SQLException of(Endpoint server, String user, SQLException failure, Sql sql) {
    if (failure instanceof NoAnswerException) {
      return failure;
    }
    return isConnectionTrouble(failure)
        ? noAnswer(server, user, failure)
        : statement(server, failure, sql);
  }

  private static SQLException statement(Endpoint server, SQLException failure, Sql sql) {
    SQLException root = deepest(failure);
    String message = words(root);
    for (Object value : sql.values()) {
      message = value instanceof Secret secret ? secret.redactedFrom(message) : message;
    }
    // Without the driver's exception as its cause: that may quote the statement and its secrets.
    return new SQLException(
        "%s refused '%s': %s (error %d)".formatted(server, sql, message, root.getErrorCode()),
        root.getSQLState(),
        root.getErrorCode());
  }

  /// A failure to log in.
  static NoAnswerException noAnswer(Endpoint server, String user, SQLException failure) {
    SQLException root = deepest(failure);
    if (root instanceof NoAnswerException known) {
      return known;
    }
    return isRefusal(root)
        ? new NoAnswerException(
            "%s refuses '%s': %s".formatted(server, user, words(root)), true, failure)
        : new NoAnswerException("%s does not answer: %s".formatted(server, words(root)), failure);
  }

  /// Whether the server answers, and does not let the account in.
  static boolean isRefusal(SQLException failure) {
    return isOfClass("28", failure) || REFUSED.contains(failure.getErrorCode());
  }

  /// The pool wraps what the driver says, and the driver what the network says.
  private static SQLException deepest(SQLException failure) {
    SQLException deepest = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        deepest = sql;
      }
    }
    return deepest;
  }

  private static boolean isConnectionTrouble(SQLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      // Class 08 is a broken connection.
      if (cause instanceof SQLException sql
          && (sql instanceof SQLTransientConnectionException
              || isOfClass("08", sql)
              || isRefusal(sql))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfClass(String sqlStateClass, SQLException failure) {
    return String.valueOf(failure.getSQLState()).startsWith(sqlStateClass);
  }

  /// The driver's account of a failed connection goes over several lines; the network's own words
  /// are at the bottom of its causes.
  private static String words(SQLException failure) {
    Throwable bottom = failure;
    while (bottom.getCause() != null) {
      bottom = bottom.getCause();
    }
    String message = String.valueOf(bottom.getMessage());
    return message.lines().findFirst().orElse(bottom.getClass().getSimpleName());
  }
}
