package mysqlagents.init;

import mysqlagents.settings.PodName;
import mysqlagents.tls.MysqldTlsFiles;

/// The files that agent-init writes itself, in mysqld's own syntax.
final class ServerConfiguration {
  /// What each of them begins with, and by which it is known again.
  static final String MARK = "# Written by agent-init";

  /// What every pod needs, whatever its role and server. `loose-` makes a server that does not know
  /// an option warn and go on: MySQL 5.6 to 8.0 and MariaDB know the old names, MySQL 8.0.26 and
  /// later the new ones.
  ///
  /// The net timeout bounds how long a replica takes a primary for alive whose machine is gone
  /// without a word; the servers' own limits are 60 seconds and, before MySQL 5.7, an hour. The
  /// heartbeat that an idle primary sends is half of it by default, so 20 s still leaves one to be
  /// lost.
  static final String REPLICATION_START =
      """
      # Written by agent-init at every start of the pod; changes made here are lost.
      [mysqld]
      # Only the sidecar starts replication, once it knows that the position is right. A fresh clone
      # would otherwise start with its donor's settings.
      loose-skip-slave-start
      loose-skip-replica-start
      # Seconds without a sign of life after which the link to the primary counts as dead.
      loose-slave-net-timeout = 20
      loose-replica-net-timeout = 20
      """;

  private ServerConfiguration() {}

  static String serverId(PodName pod, long serverId) {
    return """
    # Written by agent-init at every start of %s; changes made here are lost.
    [mysqld]
    server-id = %d
    """
        .formatted(pod, serverId);
  }

  /// A server that knows no TLS must not start, so these options are not `loose-`, except for the
  /// versions: MySQL 5.6 has no such option. 5.7 has, and passes over the version that it does not
  /// know.
  ///
  /// Nothing demands TLS of applications here: `require_secure_transport` is the user's to set.
  static String tls(PodName pod, MysqldTlsFiles files) {
    return """
    # Written by agent-init at every start of %s; changes made here are lost.
    [mysqld]
    ssl-ca = %s
    ssl-cert = %s
    ssl-key = %s
    loose-tls-version = TLSv1.2,TLSv1.3
    """
        .formatted(pod, files.authority(), files.certificate(), files.key());
  }
}
