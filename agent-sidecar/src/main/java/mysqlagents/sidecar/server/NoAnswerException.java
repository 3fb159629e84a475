package mysqlagents.sidecar.server;

import java.sql.SQLException;

/// The server cannot be asked: it is down, starting, hanging, or refuses this account. Whatever was
/// sent last may or may not have been done.
public final class NoAnswerException extends SQLException {
  private static final long serialVersionUID = 1;

  private final boolean refused;

  NoAnswerException(String message, Throwable cause) {
    this(message, false, cause);
  }

  NoAnswerException(String message, boolean refused, Throwable cause) {
    super(message, "08000", cause);
    this.refused = refused;
  }

  /// Whether the server is there, but does not let this account in.
  public boolean isRefused() {
    return refused;
  }
}
