package mysqlagents.sidecar.server;

import java.sql.SQLException;

/// The server cannot be asked: it is down, starting, hanging, or refuses this account. Whatever was
/// sent last may or may not have been done.
public final class NoAnswerException extends SQLException {
  private static final long serialVersionUID = 1;

  NoAnswerException(String message, Throwable cause) {
    super(message, "08000", cause);
  }
}
