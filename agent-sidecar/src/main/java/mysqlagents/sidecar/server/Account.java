package mysqlagents.sidecar.server;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mysqlagents.mysql.Secret;

/// A user of a server, and where its password lies.
///
/// @param passwordFile empty for a user without a password. Its first line is the password; a
///   second one is the password before, for servers that have not heard of the change yet
public record Account(String user, Optional<Path> passwordFile) {
  private static final int MOST_LINES = 2;

  /// Reads the password anew, so that a rotated one is picked up.
  public Secret password() throws IOException {
    return passwords().getFirst();
  }

  /// Reads the password and, where there is one, the password before. Ends of lines are not part of
  /// them.
  public List<Secret> passwords() throws IOException {
    if (passwordFile.isEmpty()) {
      return List.of(new Secret(""));
    }
    List<String> lines = lines(passwordFile.get());
    List<Secret> passwords = new ArrayList<>(List.of(new Secret(lines.getFirst())));
    lines.stream().skip(1).filter(line -> !line.isEmpty()).map(Secret::new).forEach(passwords::add);
    if (passwords.size() > MOST_LINES) {
      throw new IOException(
          "%s has more than two lines; expected the password and, on the second line, the one before"
              .formatted(passwordFile.get()));
    }
    return passwords;
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      String content = Files.readString(file);
      if (content.indexOf('\0') >= 0) {
        throw new IOException(file + " has a NUL in it, which no password may have");
      }
      return List.of(content.split("\r?\n", -1));
    } catch (CharacterCodingException binary) {
      throw new IOException(file + " is not text in UTF-8", binary);
    }
  }
}
