package mysqlagents.mysql;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;

/// `mysql_native_password`: the server keeps a star and SHA-1 of SHA-1 of the password, in
/// hexadecimal.
final class NativePassword {
  static final String PLUGIN = "mysql_native_password";

  private NativePassword() {}

  static Secret hash(Secret password) {
    byte[] once = Digests.sha1().digest(password.value().getBytes(StandardCharsets.UTF_8));
    return new Secret("*" + HexFormat.of().withUpperCase().formatHex(Digests.sha1().digest(once)));
  }

  static boolean isMadeFrom(String stored, Secret password) {
    return MessageDigest.isEqual(
        stored.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8),
        hash(password).value().getBytes(StandardCharsets.UTF_8));
  }
}
