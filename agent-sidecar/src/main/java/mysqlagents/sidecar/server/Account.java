package mysqlagents.sidecar.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import mysqlagents.mysql.Secret;

/// A user of a server, and where its password lies.
///
/// @param passwordFile empty for a user without a password
public record Account(String user, Optional<Path> passwordFile) {
  /// Reads the password anew, so that a rotated one is picked up. One line end after it is not part
  /// of it.
  public Secret password() throws IOException {
    if (passwordFile.isEmpty()) {
      return new Secret("");
    }
    return new Secret(Files.readString(passwordFile.get()).replaceFirst("\\R\\z", ""));
  }
}
