package mysqlagents.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SupportedServersTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "5.7.8-rc",
        "5.7.44-log",
        "8.0.11",
        "8.0.44",
        "8.4.0",
        "8.4.7",
        "9.0.1",
        "9.7.4-2",
        "10.11.2-MariaDB",
        "10.11.19-MariaDB-0+deb12u1-log",
        "5.5.5-10.11.18-MariaDB",
        "11.4.5-MariaDB-ubu2404",
        "11.8.6-MariaDB"
      })
  void saysNothingOfASupportedServer(String version) {
    assertThat(SupportedServers.warning(ServerVersion.parse(version))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "5.5.62,              MySQL 5.5.62",
    "5.6.24,              MySQL 5.6.24",
    "8.1.0,               MySQL 8.1.0",
    "8.3.0,               MySQL 8.3.0",
    "8.5.0,               MySQL 8.5.0",
    "10.0.0,              MySQL 10.0.0",
    "10.6.18-MariaDB-log, MariaDB 10.6.18",
    "10.12.0-MariaDB,     MariaDB 10.12.0",
    "12.0.2-MariaDB,      MariaDB 12.0.2",
  })
  void warnsOfAnyOther(String version, String name) {
    assertThat(SupportedServers.warning(ServerVersion.parse(version)))
        .contains(
            name
                + " is not a server that mysql-agents supports: nobody has tried what it answers to"
                + " the agents' statements. They go on as far as it understands them; use MySQL"
                + " 5.7, 8.0, 8.4 or 9.x, or MariaDB 10.11 or 11.x");
  }
}
