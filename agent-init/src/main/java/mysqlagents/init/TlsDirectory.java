package mysqlagents.init;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.AgentMain;
import mysqlagents.main.ExitCode;
import mysqlagents.tls.TlsSettings;

/// The mounted Secret with the pod's certificate. What is in its files is looked at by those who
/// use them; a missing one is said here, where a pod's start shows it first.
final class TlsDirectory {
  private TlsDirectory() {}

  static void requireReadable(TlsSettings tls) throws AgentFailure {
    for (Path file : List.of(tls.certificate(), tls.key(), tls.authority())) {
      try (InputStream content = Files.newInputStream(file)) {
        if (content.read() < 0) {
          throw new IOException("the file is empty");
        }
      } catch (IOException failure) {
        throw new AgentFailure(
            ExitCode.NO_INPUT,
            "cannot read %s: %s".formatted(file, AgentMain.reason(failure)),
            "mount the Secret with tls.crt, tls.key and ca.crt at TLS_DIRECTORY (%s), or set TLS=off to run without encryption"
                .formatted(tls.directory()),
            failure);
      }
    }
  }
}
