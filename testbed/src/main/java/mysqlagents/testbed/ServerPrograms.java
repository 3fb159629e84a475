package mysqlagents.testbed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import mysqlagents.mysql.ServerVersion.Flavour;

/// A server's programs, and what they are told. No other class here knows that servers differ.
public sealed interface ServerPrograms permits MariaDbPrograms, MySqlPrograms {
  /// @throws IOException if they are not on this machine, and says what to do
  static ServerPrograms of(Flavour flavour) throws IOException {
    return switch (flavour) {
      case MARIADB -> new MariaDbPrograms();
      case MYSQL -> MySqlPrograms.find();
    };
  }

  Flavour flavour();

  /// What a person calls it.
  String title();

  /// The server: a name on the `PATH`, or a path.
  String server();

  /// The client for SQL, as [#server()].
  String client();

  /// Lines for an option file's `[mysqld]` that keep a server small and let it run as this user.
  List<String> options();

  /// Makes a data directory and executes SQL on it.
  ///
  /// @param dataDirectory absent or empty
  /// @param sql a file with one statement a line
  /// @param scratch for temporary files
  List<String> installation(Path dataDirectory, Path sql, Path scratch);

  /// SQL, one statement a line, that leaves a new server nothing but `'root'@'localhost'`.
  String removeOtherAccounts();

  /// Servers refuse to run as root unless told to.
  static boolean runsAsRoot() {
    return System.getProperty("user.name").equals("root");
  }
}
