package mysqlagents.tls;

import java.nio.file.Path;
import java.util.Optional;
import mysqlagents.settings.Env;

/// Where a pod's certificate is, and whom it believes.
///
/// The directory's layout is that of a `kubernetes.io/tls` Secret as cert-manager writes it.
///
/// @param directory holds `tls.crt`, `tls.key` and `ca.crt`, all PEM
/// @param allowedSubjects who may come in among those whom the authority has certified
public record TlsSettings(Path directory, AllowedSubjects allowedSubjects) {
  /// What every message about a missing or wrong certificate ends with.
  static final String OPT_OUT =
      "or set TLS=off, with which everything goes unencrypted and to whoever asks";

  /// Reads `TLS`, `TLS_DIRECTORY` and `TLS_ALLOWED_SUBJECTS`.
  ///
  /// @return empty if the user has switched TLS off
  public static Optional<TlsSettings> from(Env env) {
    TlsSettings settings =
        new TlsSettings(
            env.path("TLS_DIRECTORY", "/etc/mysql-agents/tls"),
            env.optional("TLS_ALLOWED_SUBJECTS", AllowedSubjects.ANY, AllowedSubjects::parse));
    return env.optional("TLS", true, TlsSettings::required)
        ? Optional.of(settings)
        : Optional.empty();
  }

  /// The pod's certificate, followed by those between it and the authority's.
  public Path certificate() {
    return directory.resolve("tls.crt");
  }

  /// The certificate's private key.
  public Path key() {
    return directory.resolve("tls.key");
  }

  /// The certificates of the authorities that the set believes.
  public Path authority() {
    return directory.resolve("ca.crt");
  }

  private static boolean required(String text) {
    return switch (text) {
      case "required" -> true;
      case "off" -> false;
      default -> throw new IllegalArgumentException("required or off");
    };
  }
}
