package mysqlagents.sidecar.replication;

import java.io.IOException;
import java.util.Optional;
import mysqlagents.mysql.ReplicationSource;
import mysqlagents.settings.PeerAddresses;
import mysqlagents.settings.PodName;
import mysqlagents.sidecar.server.Account;
import mysqlagents.tls.MysqldTlsFiles;

/// Whom a replica follows, and how.
///
/// @param peers how the primary is reached
/// @param port of the primary's mysqld
/// @param account the one that replicas log in with at the primary
/// @param tls what this pod's mysqld proves itself with at the primary; empty for replication in
///   the clear
public record ReplicationSettings(
    PeerAddresses peers,
    int port,
    Account account,
    Optional<MysqldTlsFiles> tls,
    PositioningChoice positioning) {

  /// The primary of the set that `pod` belongs to.
  ReplicationSource primaryOf(PodName pod) throws IOException {
    return new ReplicationSource(
        peers.hostOf(pod.sibling(0)), port, account.user(), account.password(), tls);
  }
}
