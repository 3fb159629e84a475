package mysqlagents.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class MariaDbServerIT extends ServerContract {
  @Override
  DatabaseServer.Builder<?> server() {
    return MariaDbServer.builder();
  }

  /// A server deletes at its start what looks like a temporary table in its tmpdir. In the one that
  /// all share, that would be a table which another server is using.
  @Test
  void leavesTheTemporaryTablesOfOtherServersAlone() throws Exception {
    Path foreign = Files.createTempFile(Path.of("/tmp"), "#sql-temptable-", ".MAI");
    try (DatabaseServer _ = server().start()) {
      assertThat(foreign).exists();
    } finally {
      Files.deleteIfExists(foreign);
    }
  }
}
