package mysqlagents.sidecar.replication;

import java.util.Locale;
import mysqlagents.mysql.ReplicaStatus.ThreadError;

/// What a server says when its replication connection fails for TLS, and what to do about it. The
/// servers tell apart less than a user would like: MariaDB has the same empty words for a
/// certificate that has expired and for one of another authority.
final class TlsErrors {
  /// The client library's number for everything about TLS.
  private static final int SSL_CONNECTION_ERROR = 2026;

  /// A broken connection: during the login it is what a primary does that refuses the replica's
  /// certificate, which TLS 1.3 lets it do only after the replica believes to be connected.
  private static final int CONNECTION_LOST = 2013;

  private TlsErrors() {}

  static boolean isOne(ThreadError error) {
    return error.number() == SSL_CONNECTION_ERROR
        || (error.number() == CONNECTION_LOST && isDuringLogin(lower(error.text())));
  }

  private static boolean isDuringLogin(String text) {
    return text.contains("sending authentication information")
        || text.contains("reading authorization packet");
  }

  static String remedy(String serversWords) {
    String text = lower(serversWords);
    if (isDuringLogin(text)) {
      return "if this lasts, the primary does not believe this replica's certificate: see that"
          + " mysql-0's ca.crt is of the authority of this pod's tls.crt, and that it has not expired";
    }
    if (text.contains("ssl is required")) {
      return "mysqld on the primary speaks no TLS: let agent-init run with TLS=required on mysql-0"
          + " first, or set TLS=off on this pod as well";
    }
    if (text.contains("validation failure")
        || text.contains("x509 certificate matching")
        || text.contains("mismatch")) {
      return "the primary's certificate is not for the address that this replica connects to"
          + " (PEER_ADDRESS of mysql-0): issue one that names it in full, because mysqld does not"
          + " take *.mysql for mysql-0.mysql";
    }
    if (text.contains("expired")) {
      return "renew the certificate in TLS_DIRECTORY of mysql-0";
    }
    if (text.contains("unable to get certificate")
        || text.contains("unable to get private key")
        || text.contains("verify_paths failed")
        || text.contains("no such file")
        || text.contains("permission denied")) {
      return "this pod's mysqld cannot read the files in its TLS directory: mount the Secret in its"
          + " container too (MYSQLD_TLS_DIRECTORY), readable for its user (fsGroup)";
    }
    return "the primary's certificate is of another authority than this pod's ca.crt knows, or has"
        + " expired: compare tls.crt and ca.crt of both pods with openssl x509 -noout -issuer -dates";
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
