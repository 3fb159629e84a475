package mysqlagents.sidecar.donor;

/// The content of the option file that gives a backup tool the server's address and the
/// credentials. It is read anew for each backup, so that a rotated password is picked up.
@FunctionalInterface
public interface ClientOptions {
  /// @throws BackupFailedException if the tool would not be let in
  String read() throws BackupFailedException;

  /// The options in the syntax that MySQL's and MariaDB's programs read.
  static String text(String host, int port, String user, String password) {
    // `loose` lets a tool that does not know the option go on. It keeps "localhost" from meaning
    // the unix socket, which the sidecar's container may not have.
    return """
    [client]
    host=%s
    port=%d
    loose-protocol=tcp
    user=%s
    password=%s
    """
        .formatted(quoted(host), port, quoted(user), quoted(password));
  }

  /// A value in double quotes: within them `#` begins no comment and outer spaces stay. The escapes
  /// are those of the servers' own parser.
  private static String quoted(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '"' -> text.append("\\\"");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\b' -> text.append("\\b");
        case '\0' ->
            throw new IllegalArgumentException("a value with a NUL cannot be in an option file");
        default -> text.append(c);
      }
    }
    return text.append('"').toString();
  }
}
