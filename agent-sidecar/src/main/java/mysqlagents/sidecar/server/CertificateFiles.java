package mysqlagents.sidecar.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import mysqlagents.tls.TlsSettings;

/// What the files of a pod's certificate hold at one moment.
///
/// @param fingerprint of all three files: another one means that something was renewed
/// @param certificate the pod's own
record CertificateFiles(String fingerprint, X509Certificate certificate) {
  static CertificateFiles read(TlsSettings tls) throws IOException {
    MessageDigest digest = sha256();
    for (Path file : List.of(tls.authority(), tls.certificate(), tls.key())) {
      digest.update(Files.readAllBytes(file));
    }
    return new CertificateFiles(
        HexFormat.of().formatHex(digest.digest()), certificate(tls.certificate()));
  }

  private static X509Certificate certificate(Path file) throws IOException {
    try (InputStream pem = Files.newInputStream(file)) {
      // The first is the pod's; those between it and the authority's follow.
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
    } catch (CertificateException failure) {
      throw new IOException("%s is not a certificate in PEM".formatted(file), failure);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException failure) {
      // Every Java has it.
      throw new IllegalStateException(failure);
    }
  }
}
