package mysqlagents.mysql;

import java.util.Optional;
import mysqlagents.tls.MysqldTlsFiles;

/// How a channel's connection is encrypted, in the server's own words.
///
/// @param enabled whether it insists on TLS
/// @param authority the path of the certificates that are believed
/// @param verifies whether the primary has to prove its name
public record ChannelTls(
    boolean enabled, String authority, String certificate, String key, boolean verifies) {
  /// Where a kubernetes.io/tls Secret has the certificate, whatever the directory.
  private static final String LAYOUT = "/tls.crt";

  /// Whether the channel is encrypted as `wanted` says.
  ///
  /// Where nothing is wanted, encryption with files of another layout than the agents' is somebody
  /// else's work, from before the channel was adopted, and is not taken away.
  public boolean fits(Optional<MysqldTlsFiles> wanted) {
    if (wanted.isEmpty()) {
      return !enabled || !certificate.endsWith(LAYOUT);
    }
    MysqldTlsFiles files = wanted.get();
    return enabled
        && verifies
        && authority.equals(files.authority().toString())
        && certificate.equals(files.certificate().toString())
        && key.equals(files.key().toString());
  }
}
