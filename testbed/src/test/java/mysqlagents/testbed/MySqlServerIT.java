package mysqlagents.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MySqlServerIT extends ServerContract {
  @Override
  DatabaseServer.Builder<?> server() {
    return MySqlServer.builder();
  }

  @Test
  void isTheVersionThatWasAskedForAndCanCloneItself(@TempDir Path directory) throws Exception {
    Path copy = directory.resolve("copy");
    try (MySqlServer server = MySqlServer.builder().start()) {
      assertThat(server.value("SELECT VERSION()")).isEqualTo(MySqlPrograms.VERSION);
      server.execute(
          "CREATE DATABASE shop",
          "CREATE TABLE shop.t (a INT)",
          "INSERT INTO shop.t VALUES (7)",
          "INSTALL PLUGIN clone SONAME 'mysql_clone.so'",
          "CLONE LOCAL DATA DIRECTORY = '%s'".formatted(copy));
    }
    try (MySqlServer server = MySqlServer.builder().dataDirectory(copy).start()) {
      assertThat(server.value("SELECT a FROM shop.t")).isEqualTo("7");
    }
  }
}
