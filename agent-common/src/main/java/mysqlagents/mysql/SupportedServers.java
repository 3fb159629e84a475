package mysqlagents.mysql;

import java.util.Optional;

/// Which servers mysql-agents is made for. `docs/compatibility.md` says how each is known.
public final class SupportedServers {
  /// What to do about another one.
  static final String REMEDY = "use MySQL 5.7, 8.0, 8.4 or 9.x, or MariaDB 10.11 or 11.x";

  private SupportedServers() {}

  /// What there is to be said of a server before it is worked with; empty for a supported one.
  ///
  /// The releases between two series with long-term support are no series of their own: they ended
  /// when the next one came.
  public static Optional<String> warning(ServerVersion version) {
    return isSupported(version)
        ? Optional.empty()
        : Optional.of(
            "%s: nobody has tried what it answers to the agents' statements. They go on as far as it understands them; %s"
                .formatted(unsupported(version), REMEDY));
  }

  /// The beginning of every message about such a server.
  static String unsupported(ServerVersion version) {
    return version + " is not a server that mysql-agents supports";
  }

  private static boolean isSupported(ServerVersion version) {
    int major = version.major();
    int minor = version.minor();
    return switch (version.flavour()) {
      case MARIADB -> major == 11 || (major == 10 && minor == 11);
      case MYSQL ->
          major == 9 || (major == 8 && (minor == 0 || minor == 4)) || (major == 5 && minor == 7);
    };
  }
}
