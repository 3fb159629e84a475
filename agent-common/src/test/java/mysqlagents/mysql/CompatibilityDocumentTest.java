package mysqlagents.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mysqlagents.main.AgentFailure;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The first table of `docs/compatibility.md` has the words that are sent.
class CompatibilityDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/compatibility.md");
  private static final ReplicationSource SOURCE =
      new ReplicationSource("mysql-0.mysql", 3306, "r", new Secret("p"), Optional.empty());

  /// Cells by row and, from 1 on, by column.
  private static Map<String, List<String>> table() throws IOException {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    String section =
        Files.readString(DOCUMENT).split("## What a server is told\n", 2)[1].split("\n## ", 2)[0];
    section
        .lines()
        .filter(line -> line.startsWith("| "))
        .forEach(line -> {
          List<String> cells =
              new ArrayList<>(List.of(line.substring(2, line.length() - 2).split(" \\| ", -1)));
          rows.put(cells.getFirst(), cells);
        });
    return rows;
  }

  private static Map<String, String> told(ServerVersion version) throws AgentFailure {
    Dialect dialect = Dialect.of(version);
    Map<String, String> told = new LinkedHashMap<>();
    told.put("follow", found("^CHANGE .* TO", dialect.followByGtid(SOURCE)));
    told.put("… from a place", found("\\w+_LOG_FILE", dialect.followFrom(SOURCE, "b.000001", 4)));
    told.put(
        "… by GTID", found("\\w+(AUTO_POSITION|USE_GTID) = \\w+", dialect.followByGtid(SOURCE)));
    told.put("hold", dialect.declareHeld(held(version)).getFirst().text().replace(" = ?", ""));
    told.put("start", dialect.start("").text());
    told.put("stop", dialect.stop("").text());
    told.put("stop to log in anew", dialect.stopToReconnect("").text());
    told.put("forget", dialect.stopAndReset(List.of()).getLast().text());
    told.put("status", dialect.showReplicaStatus().text());
    told.put("binary log", dialect.showBinaryLogStatus().text());
    told.put("new certificate", dialect.reloadCertificates().map(Sql::text).orElse("a restart"));
    told.put("accounts", AccountDialect.of(version).plugin());
    return told;
  }

  private static GtidSet held(ServerVersion version) {
    return GtidSet.parse(
        version.flavour() == ServerVersion.Flavour.MARIADB
            ? "0-1-23"
            : "aaaaaaaa-bbbb-11ee-8888-0242ac110002:1-57");
  }

  private static String found(String pattern, Sql sql) {
    Matcher words = Pattern.compile(pattern).matcher(sql.text());
    assertThat(words.find()).as(sql.text()).isTrue();
    return words.group();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 5.7.44",
    "2, 8.0.23",
    "2, 8.0.44",
    "3, 8.4.0",
    "4, 9.0.1",
    "4, 9.7.4",
    "5, 10.11.18-MariaDB",
    "6, 11.0.2-MariaDB",
    "6, 11.8.6-MariaDB",
  })
  void hasTheWordsThatAreSent(int column, String version) throws IOException, AgentFailure {
    Map<String, List<String>> table = table();
    Map<String, String> told = told(ServerVersion.parse(version));
    // Besides them, the head.
    assertThat(table).hasSize(told.size() + 1);
    told.forEach((row, words) ->
        assertThat(table.get(row))
            .as(row)
            .hasSize(7)
            .satisfies(cells ->
                assertThat(cells.get(column).replace("`", ""))
                    .matches(Pattern.quote(words) + " [rnd]")));
  }
}
