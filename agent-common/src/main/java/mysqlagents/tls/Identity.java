package mysqlagents.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A pod's certificate, its key and the authorities that the pod believes: three things that
/// [IdentityReader] has found to belong together.
///
/// @param chain the pod's certificate first, then those between it and the authority's
/// @param authorities one, or several while a set changes from one to the next
record Identity(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authorities) {
  private static final Duration WEEK = Duration.ofDays(7);

  X509Certificate certificate() {
    return chain.getFirst();
  }

  /// When the first of the certificates ends without which this one is worth nothing.
  Instant expiresAt() {
    return firstToEnd().getNotAfter().toInstant();
  }

  X509Certificate firstToEnd() {
    Comparator<X509Certificate> byEnd = Comparator.comparing(X509Certificate::getNotAfter);
    List<X509Certificate> all = new ArrayList<>(chain);
    // An authority that was renewed under its name may be there twice; the later end counts.
    authorities.stream().filter(this::isIssuer).max(byEnd).ifPresent(all::add);
    return all.stream().min(byEnd).orElseThrow();
  }

  private boolean isIssuer(X509Certificate authority) {
    return authority.getSubjectX500Principal().equals(chain.getLast().getIssuerX500Principal());
  }

  /// When it is time to warn: a fifth of the certificate's life before its end, at most a week.
  Instant warnAt() {
    Duration fifth =
        Duration.between(certificate().getNotBefore().toInstant(), expiresAt()).dividedBy(5);
    return expiresAt().minus(fifth.compareTo(WEEK) < 0 ? fifth : WEEK);
  }

  /// The key is a secret.
  @Override
  public String toString() {
    return "%s, valid until %s"
        .formatted(certificate().getSubjectX500Principal().getName(), expiresAt());
  }
}
