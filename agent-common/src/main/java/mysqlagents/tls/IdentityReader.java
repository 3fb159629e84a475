package mysqlagents.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.X509ExtendedTrustManager;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;
import org.jspecify.annotations.Nullable;

/// Makes an [Identity] of [PemFiles], or says which file is wrong, and how.
final class IdentityReader {
  /// Signed and verified; any bytes do.
  private static final byte[] SAMPLE = {1, 2, 3};

  private final TlsSettings settings;

  IdentityReader(TlsSettings settings) {
    this.settings = settings;
  }

  Identity read(PemFiles files, Instant now) throws AgentFailure {
    List<X509Certificate> chain =
        Chain.of(certificates(settings.certificate(), files.certificate()));
    List<X509Certificate> authorities = certificates(settings.authority(), files.authority());
    PublicKey certified = chain.getFirst().getPublicKey();
    PrivateKey key = key(files.key(), certified);
    if (!belongTogether(key, certified)) {
      throw unfit();
    }
    Identity identity = new Identity(chain, key, authorities);
    requireValid(identity, now);
    requireIssued(identity, now);
    return identity;
  }

  private static List<X509Certificate> certificates(Path file, String text) throws AgentFailure {
    try {
      List<X509Certificate> certificates = Pem.certificates(text);
      if (!certificates.isEmpty()) {
        return List.copyOf(certificates);
      }
    } catch (CertificateException _) {
      // Its message is of no more use than ours.
    }
    throw wrong("%s holds no certificate in PEM".formatted(file), null);
  }

  private PrivateKey key(String text, PublicKey certified) throws AgentFailure {
    if (text.contains("ENCRYPTED")) {
      throw wrong(
          "%s is encrypted with a password, and there is no setting for one"
              .formatted(settings.key()),
          null);
    }
    try {
      return Pem.key(text, certified);
    } catch (InvalidKeyException _) {
      throw unfit();
    } catch (GeneralSecurityException _) {
      // Without its cause: nothing of a key may be quoted.
      throw wrong("%s holds no private key in PEM".formatted(settings.key()), null);
    }
  }

  private AgentFailure unfit() {
    return wrong(
        "%s is not the key of the certificate in %s"
            .formatted(settings.key(), settings.certificate()),
        null);
  }

  /// What the one signs the other must confirm.
  private static boolean belongTogether(PrivateKey key, PublicKey certified) {
    try {
      Signature signature = Signature.getInstance(signatureOf(key));
      signature.initSign(key);
      signature.update(SAMPLE);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(SAMPLE);
      return signature.verify(signed);
    } catch (GeneralSecurityException _) {
      // Keys of two kinds.
      return false;
    }
  }

  private static String signatureOf(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key.getAlgorithm();
    };
  }

  private void requireValid(Identity identity, Instant now) throws AgentFailure {
    X509Certificate first = identity.firstToEnd();
    if (first.getNotAfter().toInstant().isBefore(now)) {
      throw wrong(
          "the certificate %s of %s has expired on %s"
              .formatted(
                  first.getSubjectX500Principal().getName(),
                  settings.directory(),
                  first.getNotAfter().toInstant()),
          null);
    }
    for (X509Certificate certificate : identity.chain()) {
      if (certificate.getNotBefore().toInstant().isAfter(now)) {
        throw wrong(
            "the certificate %s of %s begins on %s, and it is %s by this machine's clock"
                .formatted(
                    certificate.getSubjectX500Principal().getName(),
                    settings.directory(),
                    certificate.getNotBefore().toInstant(),
                    now),
            null);
      }
    }
  }

  /// A pod is client and server with the same certificate.
  private void requireIssued(Identity identity, Instant now) throws AgentFailure {
    X509Certificate[] chain = identity.chain().toArray(X509Certificate[]::new);
    try {
      X509ExtendedTrustManager trust = trustAt(identity, now);
      trust.checkClientTrusted(chain, "UNKNOWN");
      trust.checkServerTrusted(chain, "UNKNOWN");
    } catch (GeneralSecurityException failure) {
      throw wrong(
          "the certificate %s in %s, issued by %s, cannot be verified with %s"
              .formatted(
                  identity.certificate().getSubjectX500Principal().getName(),
                  settings.certificate(),
                  identity.certificate().getIssuerX500Principal().getName(),
                  settings.authority()),
          failure);
    }
  }

  private static X509ExtendedTrustManager trustAt(Identity identity, Instant now)
      throws GeneralSecurityException {
    Set<TrustAnchor> anchors =
        identity.authorities().stream()
            .map(authority -> new TrustAnchor(authority, null))
            .collect(Collectors.toSet());
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(now));
    return Managers.trust(parameters);
  }

  private static AgentFailure wrong(String problem, @Nullable Throwable cause) {
    return new AgentFailure(
        ExitCode.MISCONFIGURED,
        problem,
        "put a certificate, its key and its authority into the Secret that is mounted at TLS_DIRECTORY; "
            + TlsSettings.OPT_OUT,
        cause);
  }
}
