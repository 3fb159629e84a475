package mysqlagents.tls;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Finds the chain in a file of certificates that people, or what renews them, put together in any
/// order, with authorities that were renewed, and twice. The JDK's key store takes only one in
/// which each certificate is issued by the next.
final class Chain {
  private Chain() {}

  /// The first of `file`, its issuer, that one's issuer …, as far as they are there. What does not
  /// belong to it is left out.
  static List<X509Certificate> of(List<X509Certificate> file) {
    List<X509Certificate> chain = new ArrayList<>(List.of(file.getFirst()));
    Optional<X509Certificate> next = issuer(chain, file);
    while (next.isPresent()) {
      chain.add(next.get());
      next = issuer(chain, file);
    }
    return List.copyOf(chain);
  }

  /// Of an authority that was renewed with its key, all are its issuers; the last to end counts.
  private static Optional<X509Certificate> issuer(
      List<X509Certificate> chain, List<X509Certificate> file) {
    X509Certificate last = chain.getLast();
    if (isIssuedBy(last, last)) {
      return Optional.empty();
    }
    return file.stream()
        .filter(candidate -> !chain.contains(candidate) && isIssuedBy(last, candidate))
        .max(Comparator.comparing(X509Certificate::getNotAfter));
  }

  private static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
    if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      return false;
    }
    try {
      certificate.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException _) {
      // Of the same name, with another key.
      return false;
    }
  }
}
