package mysqlagents.sidecar.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import mysqlagents.mysql.Secret;

/// Where a mysqld listens.
///
/// @param host a name or address; if it is the loopback's, the server's key for an encrypted
///   password is taken without proof
public record Endpoint(String host, int port) {
  /// mysqld is in the same pod: a connection takes milliseconds, or it is not there.
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);

  /// How long any packet may take to arrive unless a call says otherwise: how a frozen mysqld is
  /// noticed.
  static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

  /// The driver's own exception may go over several lines.
  Connection connect(String user, Secret password) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password.value());
    properties.setProperty("connectTimeout", Long.toString(CONNECT_LIMIT.toMillis()));
    properties.setProperty("socketTimeout", Long.toString(ANSWER_LIMIT.toMillis()));
    // Even where it verifies nothing, the driver refuses a certificate that has expired. That must
    // not keep the agent from a server in the same pod, least of all from telling it of a new one.
    properties.setProperty("sslMode", isLoopback() ? "DISABLED" : "PREFERRED");
    properties.setProperty("allowPublicKeyRetrieval", Boolean.toString(isLoopback()));
    // Client-side: the statements of replication cannot be prepared in the server.
    properties.setProperty("useServerPrepStmts", "false");
    properties.setProperty("logger", "Slf4JLogger");
    return DriverManager.getConnection(url(), properties);
  }

  private String url() {
    return "jdbc:mysql://%s:%d/".formatted(host.indexOf(':') >= 0 ? "[" + host + "]" : host, port);
  }

  private boolean isLoopback() {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
  }

  @Override
  public String toString() {
    return "mysqld at %s:%d".formatted(host, port);
  }
}
