package mysqlagents.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mysqlagents.sidecar.donor.DataSize;
import mysqlagents.sidecar.donor.DonorMeters;
import mysqlagents.sidecar.replication.ReplicationState.Running;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/metrics.md");

  /// `# TYPE name type` of a scrape.
  private static final Pattern SCRAPED = Pattern.compile("(?m)^# TYPE (\\S+ \\S+)$");

  /// The first two cells of a row: `` | `name` | type | ``.
  private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (\\w+) \\|");

  /// Of the alerts, which are indented.
  private static final Pattern ALERT = Pattern.compile("(?m)^    .*?(mysql_agents_\\w+)");

  @TempDir Path data;
  private String scrape = "";

  @BeforeEach
  void scrapeARegistryThatIsMadeAsTheSidecarMakesIt() {
    PrometheusMeterRegistry registry =
        SidecarMetrics.register(
            new SidecarMetrics.Source(
                () -> Optional.of("10.11.19-MariaDB"),
                () -> new Running(Duration.ofMillis(1500)),
                () -> Optional.of(Duration.ofMillis(1500)),
                () -> 3,
                new DataSize(data),
                Optional.empty()));
    DonorMeters donor = new DonorMeters(registry);
    assertThat(donor).isNotNull();
    scrape = registry.scrape();
  }

  private static Set<String> names(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyMetricIsDocumentedAndEveryDocumentedMetricExists() throws IOException {
    Set<String> documented =
        DOCUMENTED
            .matcher(Files.readString(DOCUMENT))
            .results()
            .map(row -> row.group(1) + " " + row.group(2))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(documented).isEqualTo(names(SCRAPED, scrape));
  }

  @Test
  void alertsAskForMetricsThatExist() throws IOException {
    Set<String> asked = names(ALERT, Files.readString(DOCUMENT));
    assertThat(asked)
        .isNotEmpty()
        .allSatisfy(name -> assertThat(scrape).containsPattern("(?m)^" + name + "[ {]"));
  }

  /// `` `outcome`: `completed`; `tool-failed` (…) … `` and the like.
  @ParameterizedTest
  @ValueSource(strings = {"outcome", "reason", "state"})
  void documentedValuesOfALabelExist(String label) throws IOException {
    String paragraph =
        names(Pattern.compile("(?ms)^`%s`: (.*?)\n\n".formatted(label)), Files.readString(DOCUMENT))
            .iterator()
            .next();
    Set<String> values = names(Pattern.compile("%s=\"([a-z-]+)\"".formatted(label)), scrape);
    // What stands in capitals is a setting.
    assertThat(names(Pattern.compile("`([a-z-]+)`"), paragraph)).isEqualTo(values);
  }

  @Test
  void aLabelsValuesAreDocumented() throws IOException {
    String document = Files.readString(DOCUMENT);
    Pattern label =
        Pattern.compile("mysql_agents_\\w+\\{(?:outcome|reason|state)=\"([a-z-]+)\"\\}");
    assertThat(names(label, scrape))
        .isNotEmpty()
        .allSatisfy(value -> assertThat(document).contains("`" + value + "`"));
  }

  @Test
  void readsWhatItIsGiven() {
    assertThat(scrape)
        .contains("mysql_agents_mysqld_up 1.0")
        .contains("mysql_agents_replication_lag_seconds 1.5")
        .contains("mysql_agents_replication_restarts_total 3.0")
        .contains("mysql_agents_tls_enabled 0.0")
        .contains("mysql_agents_tls_certificate_expiry_timestamp_seconds NaN")
        .contains("mysql_agents_tls_handshake_failures_total 0.0")
        .contains("mysql_agents_replication_state{state=\"running\"} 1.0")
        .contains("mysql_agents_replication_state{state=\"broken\"} 0.0")
        .contains("mysql_agents_backups_total{outcome=\"completed\"} 0.0");
  }
}
