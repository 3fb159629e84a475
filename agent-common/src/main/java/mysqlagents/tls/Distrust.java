package mysqlagents.tls;

import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/// Why the other side's certificate is not believed, in a sentence that begins with "its".
final class Distrust extends CertificateException {
  private static final long serialVersionUID = 1;

  Distrust(String sentence, @Nullable CertificateException cause) {
    super(sentence, cause);
  }
}
