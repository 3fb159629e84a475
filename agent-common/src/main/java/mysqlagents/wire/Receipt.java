package mysqlagents.wire;

import java.util.Objects;

/// The donor's word that its backup tool ended well and that nothing is missing: the last member of
/// a stream.
///
/// @param version of the receipt's layout; 1
/// @param backupId the same as in the response's header
/// @param donor the donor's pod name
/// @param tool `mariadb-backup`, `xtrabackup` or `clone-plugin`
/// @param serverVersion as `SELECT VERSION()` gives it
/// @param exitStatus the tool's; a receipt is only ever written for 0
/// @param bytes how many bytes of (uncompressed) stream came before the receipt's first chunk
/// @param digest the [mysqlagents.xbstream.StreamDigest] of those bytes
public record Receipt(
    int version,
    String backupId,
    String donor,
    String tool,
    String toolVersion,
    String serverVersion,
    int exitStatus,
    long bytes,
    String digest) {
  public static final int LAYOUT = 1;

  public Receipt {
    Objects.requireNonNull(backupId, "backupId is missing");
    Objects.requireNonNull(donor, "donor is missing");
    Objects.requireNonNull(tool, "tool is missing");
    Objects.requireNonNull(toolVersion, "toolVersion is missing");
    Objects.requireNonNull(serverVersion, "serverVersion is missing");
    Objects.requireNonNull(digest, "digest is missing");
  }
}
