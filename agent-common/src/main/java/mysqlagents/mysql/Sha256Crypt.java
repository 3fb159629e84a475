package mysqlagents.mysql;

import java.security.MessageDigest;

/// The password digest of crypt(3)'s method 5, as Ulrich Drepper specified it in "Unix crypt using
/// SHA-256 and SHA-512". The JDK has none.
final class Sha256Crypt {
  private static final int LENGTH = 32;

  private static final String DIGITS =
      "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private Sha256Crypt() {}

  /// The digest alone: 43 characters, without method and salt.
  static String digest(byte[] password, byte[] salt, int rounds) {
    byte[] digest = first(password, salt);
    byte[] p = repeated(times(password, password.length), password.length);
    byte[] s = repeated(times(salt, 16 + (digest[0] & 0xFF)), salt.length);
    for (int round = 0; round < rounds; round++) {
      digest = next(digest, round, p, s);
    }
    return text(digest);
  }

  private static byte[] first(byte[] password, byte[] salt) {
    MessageDigest inner = Digests.sha256();
    inner.update(password);
    inner.update(salt);
    byte[] b = inner.digest(password);
    MessageDigest outer = Digests.sha256();
    outer.update(password);
    outer.update(salt);
    outer.update(repeated(b, password.length));
    for (int bits = password.length; bits > 0; bits >>= 1) {
      outer.update((bits & 1) == 1 ? b : password);
    }
    return outer.digest();
  }

  private static byte[] next(byte[] digest, int round, byte[] p, byte[] s) {
    boolean odd = (round & 1) == 1;
    MessageDigest sha = Digests.sha256();
    sha.update(odd ? p : digest);
    if (round % 3 != 0) {
      sha.update(s);
    }
    if (round % 7 != 0) {
      sha.update(p);
    }
    return sha.digest(odd ? digest : p);
  }

  /// The digest of `count` times `part`.
  private static byte[] times(byte[] part, int count) {
    MessageDigest sha = Digests.sha256();
    for (int i = 0; i < count; i++) {
      sha.update(part);
    }
    return sha.digest();
  }

  /// `digest` over and over, to `length` bytes.
  private static byte[] repeated(byte[] digest, int length) {
    byte[] result = new byte[length];
    for (int i = 0; i < length; i++) {
      result[i] = digest[i % LENGTH];
    }
    return result;
  }

  /// Three bytes as four digits, in an order of their own: each triple is the one before with every
  /// index moved by 21.
  private static String text(byte[] digest) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      int a = i * 21 % 30;
      append(text, digest[a], digest[(a + 10) % 30], digest[(a + 20) % 30], 4);
    }
    append(text, (byte) 0, digest[31], digest[30], 3);
    return text.toString();
  }

  private static void append(StringBuilder text, byte high, byte middle, byte low, int digits) {
    int bits = (high & 0xFF) << 16 | (middle & 0xFF) << 8 | (low & 0xFF);
    for (int i = 0; i < digits; i++) {
      text.append(DIGITS.charAt(bits & 63));
      bits >>= 6;
    }
  }
}
