package mysqlagents.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import mysqlagents.main.AgentFailure;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The statements of `docs/accounts.md` give what the sidecar gives.
class AccountsDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/accounts.md");
  private static final Pattern GRANT = Pattern.compile("(?m)^ {4}(GRANT .*);$");

  private static final Map<Duty, AccountName> NAMES =
      Map.of(
          Duty.AGENT, new AccountName("agent", "127.%"),
          Duty.BACKUP, new AccountName("backup", "127.%"),
          Duty.REPLICATION, new AccountName("replication", "%"));

  /// What follows the mark of a version, up to the next heading.
  private static String section(String version) throws IOException {
    String mark = "<!-- rights of %s -->".formatted(version);
    String[] parts = Files.readString(DOCUMENT).split(Pattern.quote(mark), -1);
    assertThat(parts).as(mark).hasSize(2);
    return parts[1].split("\n###", 2)[0];
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.11.19-MariaDB", "8.4.3", "5.7.44"})
  void grantsWhatTheSidecarGrants(String version) throws IOException, AgentFailure {
    AccountDialect dialect = AccountDialect.of(ServerVersion.parse(version));
    List<String> expected = new ArrayList<>();
    for (Duty duty : Duty.values()) {
      AccountName name = NAMES.getOrDefault(duty, new AccountName("", ""));
      for (Sql sql : dialect.grant(name, dialect.rights(duty))) {
        expected.add(sql.text().replace("?@?", name.toString()));
      }
    }
    assertThat(GRANT.matcher(section(version)).results().map((MatchResult match) -> match.group(1)))
        .containsExactlyElementsOf(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.4.3", "5.7.44"})
  void namesTheRightPlugin(String version) throws IOException, AgentFailure {
    AccountDialect dialect = AccountDialect.of(ServerVersion.parse(version));
    assertThat(section(version).lines().filter(line -> line.contains("CREATE USER")))
        .hasSize(3)
        .allSatisfy(
            line -> assertThat(line).contains("IDENTIFIED WITH %s BY".formatted(dialect.plugin())));
  }
}
