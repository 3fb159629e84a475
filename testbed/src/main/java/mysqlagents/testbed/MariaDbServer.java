package mysqlagents.testbed;

import java.io.IOException;

/// A real MariaDB server.
public final class MariaDbServer extends DatabaseServer {
  private MariaDbServer(Builder<MariaDbServer> settings, TemporaryDirectory run)
      throws IOException {
    super(new MariaDbPrograms(), settings, run);
  }

  public static Builder<MariaDbServer> builder() {
    return new Builder<>(MariaDbServer::new);
  }
}
