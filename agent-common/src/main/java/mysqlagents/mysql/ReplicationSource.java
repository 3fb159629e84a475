package mysqlagents.mysql;

import java.util.Optional;
import mysqlagents.tls.MysqldTlsFiles;

/// The server that a replica follows, and how it logs in there.
///
/// @param tls what the replica's mysqld proves itself with and believes; empty for a connection in
///   the clear
public record ReplicationSource(
    String host, int port, String user, Secret password, Optional<MysqldTlsFiles> tls) {
  @Override
  public String toString() {
    return "%s:%d".formatted(host, port);
  }
}
