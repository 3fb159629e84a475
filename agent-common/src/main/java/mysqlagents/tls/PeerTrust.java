package mysqlagents.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Believes what the authorities have certified; of those who come in only the allowed subjects, of
/// those who are asked only the name that was asked for. Refuses during the handshake, in words.
final class PeerTrust extends X509ExtendedTrustManager {
  /// How the JDK says it; it has no class of its own for this.
  private static final Pattern NAME_MISMATCH = Pattern.compile("No (subject alternative|name) ");

  private final X509ExtendedTrustManager authorities;
  private final AllowedSubjects allowed;

  PeerTrust(X509ExtendedTrustManager authorities, AllowedSubjects allowed) {
    this.authorities = authorities;
    this.allowed = allowed;
  }

  /// One of the JDK's checks.
  @FunctionalInterface
  private interface Check {
    void run() throws CertificateException;
  }

  private static void check(X509Certificate[] chain, @Nullable String asked, Check check)
      throws Distrust {
    try {
      check.run();
    } catch (CertificateException failure) {
      throw new Distrust(sentence(chain[0], asked, failure), failure);
    }
  }

  private static String sentence(
      X509Certificate certificate, @Nullable String asked, CertificateException failure) {
    String subject = certificate.getSubjectX500Principal().getName();
    Instant now = Instant.now();
    if (certificate.getNotAfter().toInstant().isBefore(now)) {
      return "its certificate %s has expired on %s"
          .formatted(subject, certificate.getNotAfter().toInstant());
    }
    if (certificate.getNotBefore().toInstant().isAfter(now)) {
      return "its certificate %s begins on %s, which has not come by this machine's clock"
          .formatted(subject, certificate.getNotBefore().toInstant());
    }
    if (asked != null && NAME_MISMATCH.matcher(String.valueOf(failure.getMessage())).lookingAt()) {
      return "its certificate %s is good for %s and not for %s, the name that was asked for"
          .formatted(subject, names(certificate), asked);
    }
    return "its certificate %s, issued by %s, cannot be verified with the authorities of this pod's ca.crt (%s)"
        .formatted(subject, certificate.getIssuerX500Principal().getName(), failure.getMessage());
  }

  private static String names(X509Certificate certificate) {
    try {
      var names = certificate.getSubjectAlternativeNames();
      return names == null
          ? "no name at all"
          : names.stream()
              .map(name -> String.valueOf(List.copyOf(name).get(1)))
              .collect(Collectors.joining(", "));
    } catch (CertificateException _) {
      return "names that do not read";
    }
  }

  private void admit(X509Certificate[] chain) throws Distrust {
    if (!allowed.admit(chain[0].getSubjectX500Principal())) {
      throw new Distrust(
          "its certificate's subject %s is not among TLS_ALLOWED_SUBJECTS (%s)"
              .formatted(chain[0].getSubjectX500Principal().getName(), allowed),
          null);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain, null, () -> authorities.checkClientTrusted(chain, authType, engine));
    admit(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain, null, () -> authorities.checkClientTrusted(chain, authType, socket));
    admit(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain, null, () -> authorities.checkClientTrusted(chain, authType));
    admit(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(
        chain, engine.getPeerHost(), () -> authorities.checkServerTrusted(chain, authType, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    String asked =
        socket instanceof SSLSocket tls && tls.getHandshakeSession() != null
            ? tls.getHandshakeSession().getPeerHost()
            : null;
    check(chain, asked, () -> authorities.checkServerTrusted(chain, authType, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain, null, () -> authorities.checkServerTrusted(chain, authType));
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authorities.getAcceptedIssuers();
  }
}
