package mysqlagents.mysql;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `caching_sha2_password`: the server keeps `$A$`, the rounds in thousands as three hexadecimal
/// digits, `$`, 20 characters of salt, and the crypt digest (see [Sha256Crypt]) in 43 characters.
final class CachingSha2Password {
  static final String PLUGIN = "caching_sha2_password";

  private static final Pattern STORED =
      Pattern.compile("\\$A\\$([0-9A-Fa-f]{3})\\$(.{20})(.{43})", Pattern.DOTALL);

  private CachingSha2Password() {}

  static boolean isMadeFrom(String stored, Secret password) {
    Matcher parts = STORED.matcher(stored);
    if (!parts.matches()) {
      return false;
    }
    String digest =
        Sha256Crypt.digest(
            password.value().getBytes(StandardCharsets.UTF_8),
            parts.group(2).getBytes(StandardCharsets.ISO_8859_1),
            Integer.parseInt(parts.group(1), 16) * 1000);
    return MessageDigest.isEqual(
        digest.getBytes(StandardCharsets.UTF_8), parts.group(3).getBytes(StandardCharsets.UTF_8));
  }
}
