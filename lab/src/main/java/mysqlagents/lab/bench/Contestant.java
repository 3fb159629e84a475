package mysqlagents.lab.bench;

import java.io.IOException;

/// One way to clone.
interface Contestant {
  String name();

  /// Clones once.
  Run run() throws IOException;
}
