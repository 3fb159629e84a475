package mysqlagents.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import mysqlagents.lab.Accounts.Account;

/// What must not be seen, and a look whether it is.
///
/// @param byName each secret under the name that a find is reported by
record Secrets(Map<String, String> byName) {
  Secrets {
    byName = Map.copyOf(new TreeMap<>(byName));
  }

  /// The passwords of a set.
  static Secrets passwords(Accounts accounts) {
    Map<String, String> secrets = new HashMap<>();
    for (Account account : Account.values()) {
      secrets.put("password of " + account.user(), accounts.password(account));
    }
    return new Secrets(secrets);
  }

  /// What the server keeps in a password's place (`mysql_native_password`). With it anyone can try
  /// passwords in peace, so a log must not show it either.
  static Secrets hashes(Accounts accounts) {
    Map<String, String> secrets = new HashMap<>();
    for (Account account : Account.values()) {
      secrets.put("hash of " + account.user(), hash(accounts.password(account)));
    }
    return new Secrets(secrets);
  }

  /// The key of a set's certificate: a line of it, in the form in which it lies in its file.
  static Secrets key(Certificates certificates) throws IOException {
    List<String> pem = Files.readAllLines(certificates.directory().resolve("tls.key"));
    // The first lines of a key say what kind of key it is; they are the same in all.
    return new Secrets(Map.of("private key", pem.get(pem.size() / 2)));
  }

  /// The same under other names, for those that are about to be changed.
  Secrets former() {
    Map<String, String> former = new HashMap<>();
    byName.forEach((name, value) -> former.put("former " + name, value));
    return new Secrets(former);
  }

  Secrets and(Secrets more) {
    Map<String, String> both = new HashMap<>(byName);
    both.putAll(more.byName);
    return new Secrets(both);
  }

  /// The names of those that `text` holds, in any case of its letters.
  List<String> in(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return byName.entrySet().stream()
        .filter(secret -> lower.contains(secret.getValue().toLowerCase(Locale.ROOT)))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  List<String> in(byte[] bytes) {
    // One character for each byte, whatever the bytes mean.
    return in(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  /// The files below `root` that hold one, as in `password of agent in mysql/some.file`.
  List<String> inFilesOf(Path root) throws IOException {
    List<String> found = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!attributes.isRegularFile()) {
              return FileVisitResult.CONTINUE;
            }
            try {
              in(Files.readAllBytes(file))
                  .forEach(name -> found.add("%s in %s".formatted(name, root.relativize(file))));
            } catch (NoSuchFileException gone) {
              return visitFileFailed(file, gone);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            // A running server deletes files all the time.
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }
        });
    return found;
  }

  private static String hash(String password) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      byte[] once = digest.digest(password.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(once));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }
}
