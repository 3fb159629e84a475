package mysqlagents.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Certificates and keys in the text form of RFC 7468, whatever else the text holds.
final class Pem {
  private static final Pattern CERTIFICATE = block("CERTIFICATE");

  /// `openssl ecparam -genkey` puts the curve before the key, and people put what they like.
  private static final Pattern KEY = block("[A-Z ]*PRIVATE KEY");

  /// What the JDK can sign with.
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA", "RSASSA-PSS");

  private Pem() {}

  private static Pattern block(String label) {
    return Pattern.compile(
        "-----BEGIN (%s)-----(.*?)-----END \\1-----".formatted(label), Pattern.DOTALL);
  }

  /// All certificates of `text`, in its order.
  static List<X509Certificate> certificates(String text) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> certificates = new ArrayList<>();
    for (MatchResult block : CERTIFICATE.matcher(text).results().toList()) {
      ByteArrayInputStream der = new ByteArrayInputStream(bytes(block));
      certificates.add((X509Certificate) factory.generateCertificate(der));
    }
    return certificates;
  }

  /// The first private key of `text`.
  ///
  /// @param certified the public key that it should belong to; the older forms leave out which kind
  ///   of key they are, and it tells
  /// @throws InvalidKeyException if the key is of another kind than `certified`
  /// @throws GeneralSecurityException if there is no key, or none that can be read
  static PrivateKey key(String text, PublicKey certified) throws GeneralSecurityException {
    Matcher block = KEY.matcher(text);
    if (!block.find()) {
      throw new InvalidKeySpecException("no private key");
    }
    byte[] der = bytes(block);
    return switch (block.group(1)) {
      case "RSA PRIVATE KEY" -> wrapped(der, "RSA", certified);
      case "EC PRIVATE KEY" -> wrapped(der, "EC", certified);
      default -> key(der);
    };
  }

  private static byte[] bytes(MatchResult block) throws CertificateException {
    try {
      return Base64.getMimeDecoder().decode(block.group(2));
    } catch (IllegalArgumentException _) {
      throw new CertificateException("not Base64");
    }
  }

  private static PrivateKey wrapped(byte[] key, String algorithm, PublicKey certified)
      throws GeneralSecurityException {
    if (!certified.getAlgorithm().equals(algorithm)) {
      throw new InvalidKeyException("a key of another kind");
    }
    return KeyFactory.getInstance(algorithm)
        .generatePrivate(new PKCS8EncodedKeySpec(Der.pkcs8(key, certified)));
  }

  private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException _) {
        // Of another kind, or of none.
      }
    }
    throw new InvalidKeySpecException("no private key");
  }
}
