package mysqlagents.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HeadlessServiceTest {
  @TempDir private Path directory;

  @Test
  void itsNameLeadsToEveryPodAndEachPodHasAName() throws Exception {
    Path hosts = directory.resolve("hosts");
    HeadlessService service = new HeadlessService("mysql", hosts);
    service.add("mysql-0", "127.1.2.10");
    service.add("mysql-1", "127.1.2.11");
    assertThat(hosts)
        .hasContent(
            """
            127.0.0.1 localhost kubernetes.default.svc
            127.1.2.10 mysql-0.mysql mysql
            127.1.2.11 mysql-1.mysql mysql
            """);
    service.remove("mysql-0");
    assertThat(hosts)
        .hasContent(
            """
            127.0.0.1 localhost kubernetes.default.svc
            127.1.2.11 mysql-1.mysql mysql
            """);
  }
}
