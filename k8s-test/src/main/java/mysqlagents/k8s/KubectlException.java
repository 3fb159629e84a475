package mysqlagents.k8s;

import java.io.IOException;

/// kubectl said no.
final class KubectlException extends IOException {
  private static final long serialVersionUID = 1;

  KubectlException(String message) {
    super(message);
  }
}
