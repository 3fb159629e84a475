package mysqlagents.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class CloneReportTest {
  @Test
  void findsTheLastLineOfJson() throws IOException {
    String log =
        """
        {"result":"kept","pod":"mysql-2"}
        2026-11-24T04:48:58.634Z INFO mysql-2 cloned 42 MiB from mysql-1
        {"result":"cloned","pod":"mysql-2","donor":"mysql-1","cloneId":"7f"}
        """;

    assertThat(CloneReport.parse(log, "mysql-2"))
        .isEqualTo(new CloneReport("cloned", "7f", "mysql-1"));
  }

  @Test
  void saysWhichPodHasNoResult() {
    assertThatThrownBy(() -> CloneReport.parse("still waiting", "mysql-2"))
        .hasMessageContaining("mysql-2")
        .hasMessageContaining("still waiting");
  }
}
