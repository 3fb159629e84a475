package mysqlagents.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.AgentMain;
import mysqlagents.main.ExitCode;

/// What the three files of [TlsSettings] hold, as it was read.
///
/// Kubernetes renews all three at once, by one link; but they are read one after the other, and not
/// every volume has that link. Whether they belong together is for [Identity] to find out.
record PemFiles(String certificate, String key, String authority) {
  static PemFiles read(TlsSettings settings) throws AgentFailure {
    if (!Files.isDirectory(settings.directory())) {
      throw new AgentFailure(
          ExitCode.MISCONFIGURED,
          "TLS_DIRECTORY is %s, and there is no such directory".formatted(settings.directory()),
          "mount the Secret with tls.crt, tls.key and ca.crt there; " + TlsSettings.OPT_OUT);
    }
    return new PemFiles(
        text(settings.certificate()), text(settings.key()), text(settings.authority()));
  }

  private static String text(Path file) throws AgentFailure {
    try {
      // One byte a character: around the PEM parts there may be text in any encoding.
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException failure) {
      throw new AgentFailure(
          ExitCode.NO_INPUT,
          "cannot read %s of TLS_DIRECTORY: %s".formatted(file, AgentMain.reason(failure)),
          "see that the Secret mounted there has tls.crt, tls.key and ca.crt, and that this container's user may read them; "
              + TlsSettings.OPT_OUT,
          failure);
    }
  }

  /// The key is a secret.
  @Override
  public String toString() {
    return "certificate, key and authority";
  }
}
