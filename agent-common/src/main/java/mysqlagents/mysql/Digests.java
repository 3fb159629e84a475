package mysqlagents.mysql;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The digests that servers keep passwords by. Every Java has them.
final class Digests {
  private Digests() {}

  static MessageDigest sha1() {
    return named("SHA-1");
  }

  static MessageDigest sha256() {
    return named("SHA-256");
  }

  private static MessageDigest named(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
