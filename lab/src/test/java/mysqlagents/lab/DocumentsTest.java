package mysqlagents.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mysqlagents.main.ExitCode;
import org.junit.jupiter.api.Test;

/// What the documents name must exist, and what the code asks of a user must be in the documents.
class DocumentsTest {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> AGENTS =
      List.of("agent-common", "agent-init", "agent-clone", "agent-sidecar");

  private static final List<String> MODULES =
      Stream.concat(AGENTS.stream(), Stream.of("testbed", "lab", "k8s-test", "docker-test"))
          .toList();

  /// A call of `Env`, or the environment itself, with the name of a variable.
  private static final Pattern SETTING =
      Pattern.compile(
          "(?:env\\.\\w+|file|text|getOrDefault|containsKey)\\(\\s*(?:env,\\s*)?\"([A-Z][A-Z_]+)\"");

  /// A line of the log that asks a person to look.
  private static final Pattern WARNING =
      Pattern.compile(
          "(?:LOG\\.log|say)\\(\\s*(?:WARNING|ERROR),\\s*(?:\\(\\) ->\\s*)?(?:name \\+ )?\"([^\"]+)\"");

  private static final int QUOTED = 24;

  private static final Pattern TABLE_ROW = Pattern.compile("(?m)^\\| `([A-Z][A-Z_]+)` \\|");

  /// A path, and the heading behind it.
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]*)(?:#([^)]*))?\\)");

  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
  private static final Pattern CLASS_NAME =
      Pattern.compile("`([A-Z][a-z]+(?:[A-Z][a-z]+)+(?:IT)?|[A-Z][a-z]+IT)`");
  private static final Pattern TEST_NAME = Pattern.compile("`([A-Z]\\w*(?:Test|IT))`");

  /// A command, in a line of its own or within a sentence.
  private static final Pattern MAKE = Pattern.compile("(?m)(?:^ {4}|`)make ([a-z0-9-]+)");

  private static final Pattern TARGET = Pattern.compile("(?m)^([a-z0-9-]+):.* ## ");

  /// What a message or a comment sends its reader to.
  private static final Pattern REFERENCE =
      Pattern.compile("\\bdocs/([\\w/-]+\\.md)(?: says in '([^']+)')?");

  /// A row of the table of exit codes.
  private static final Pattern EXIT_CODE = Pattern.compile("(?m)^\\| (\\d+) \\|");

  @Test
  void configurationNamesEverySettingAndNoOther() throws IOException {
    Set<String> inCode = new TreeSet<>();
    for (Path source : sources(AGENTS, "main")) {
      inCode.addAll(found(SETTING, Files.readString(source)));
    }
    // Read as the fall-back of POD_NAME, and described there.
    inCode.remove("HOSTNAME");
    String page = Files.readString(PROJECT.resolve("docs/configuration.md"));
    assertThat(found(TABLE_ROW, page)).isEqualTo(inCode).isNotEmpty();
  }

  @Test
  void pagesNameEveryExitCodeAndNoOther() throws IOException {
    Set<String> inCode =
        Stream.of(ExitCode.values())
            .map(code -> Integer.toString(code.value()))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(found(EXIT_CODE, Files.readString(PROJECT.resolve("docs/configuration.md"))))
        .isEqualTo(inCode);
    // Nobody has to do anything about success.
    inCode.remove("0");
    assertThat(found(EXIT_CODE, Files.readString(PROJECT.resolve("docs/operations.md"))))
        .isEqualTo(inCode);
  }

  @Test
  void operationsSayWhatEachWarningAsksFor() throws IOException {
    Set<String> inCode = new TreeSet<>();
    for (Path source : sources(AGENTS, "main")) {
      found(WARNING, Files.readString(source)).stream()
          .map(DocumentsTest::startOfLongestFixedText)
          .forEach(inCode::add);
    }
    String page = Files.readString(PROJECT.resolve("docs/operations.md"));
    assertThat(inCode).hasSizeGreaterThan(15).allMatch(page::contains);
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    for (Path document : documents()) {
      for (MatchResult link : matches(LINK, Files.readString(document))) {
        Path target = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1));
        assertThat(target).as("%s in %s", link.group(), document).exists();
        if (link.group(2) != null) {
          assertThat(anchors(target))
              .as("%s in %s", link.group(), document)
              .contains(link.group(2));
        }
      }
    }
  }

  /// What GitHub makes of headings: lower case, dashes for spaces, and nothing but letters and
  /// digits besides.
  private static Set<String> anchors(Path document) throws IOException {
    return found(HEADING, Files.readString(document)).stream()
        .map(heading -> heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", ""))
        .map(heading -> heading.replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @Test
  void namedClassesExist() throws IOException {
    Set<String> classes = classes("main", "test");
    for (String document : List.of("ARCHITECTURE.md", "CONTRIBUTING.md")) {
      assertThat(classes)
          .as(document)
          .containsAll(found(CLASS_NAME, Files.readString(PROJECT.resolve(document))));
    }
  }

  @Test
  void namedTestsExist() throws IOException {
    Set<String> tests = classes("test");
    for (Path document : documents()) {
      assertThat(tests)
          .as("%s", document)
          .containsAll(found(TEST_NAME, Files.readString(document)));
    }
  }

  @Test
  void messagesSendTheirReadersToWhatExists() throws IOException {
    int headings = 0;
    for (Path source : sources(AGENTS, "main")) {
      for (MatchResult reference : matches(REFERENCE, Files.readString(source))) {
        Path document = PROJECT.resolve("docs").resolve(reference.group(1));
        assertThat(document).as("%s in %s", reference.group(), source).exists();
        if (reference.group(2) != null) {
          assertThat(found(HEADING, Files.readString(document))).contains(reference.group(2));
          headings++;
        }
      }
    }
    assertThat(headings).isPositive();
  }

  @Test
  void namedTargetsExist() throws IOException {
    Set<String> targets = found(TARGET, Files.readString(PROJECT.resolve("Makefile")));
    Set<String> named = new TreeSet<>();
    for (Path document : documents()) {
      named.addAll(found(MAKE, Files.readString(document)));
    }
    assertThat(targets).containsAll(named);
    assertThat(named).contains("lab", "test");
  }

  @Test
  void everyThreatHasADefenceAndATest() throws IOException {
    String page = Files.readString(PROJECT.resolve("docs/security.md"));
    List<String[]> threats =
        section(page, "Threats, defences, tests")
            .lines()
            .filter(line -> line.startsWith("| "))
            .skip(1)
            .map(line -> line.split(" *\\| *", -1))
            .toList();
    assertThat(threats).hasSizeGreaterThan(10);
    for (String[] row : threats) {
      // What stands before the first bar and after the last counts, too.
      assertThat(row).as(row[1]).hasSize(5);
      assertThat(row[2]).as(row[1]).isNotBlank();
      assertThat(found(TEST_NAME, row[3])).as(row[1]).isNotEmpty();
    }
  }

  private static String section(String page, String heading) {
    int begin = page.indexOf("## " + heading);
    int end = page.indexOf("\n## ", begin + 1);
    assertThat(begin).as(heading).isNotNegative();
    return page.substring(begin, end < 0 ? page.length() : end);
  }

  private static Set<String> classes(String... kinds) {
    return Stream.of(kinds)
        .flatMap(kind -> sources(MODULES, kind).stream())
        .map(source -> String.valueOf(source.getFileName()).replace(".java", ""))
        .collect(Collectors.toSet());
  }

  /// Of a format, what stands between two values, as far as a page may be expected to quote it.
  private static String startOfLongestFixedText(String format) {
    return Stream.of(format.replaceFirst("; what to do: .*", "").split("%[a-z]"))
        .map(text -> text.replaceAll("^\\W+|\\W+$", ""))
        .max(Comparator.comparingInt(String::length))
        .map(text -> text.substring(0, Math.min(text.length(), QUOTED)))
        .orElseThrow();
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> root = Files.list(PROJECT);
        Stream<Path> docs = Files.walk(PROJECT.resolve("docs"))) {
      return Stream.concat(root, docs).filter(file -> file.toString().endsWith(".md")).toList();
    }
  }

  private static List<Path> sources(List<String> modules, String kind) {
    List<Path> all = new ArrayList<>();
    for (String module : modules) {
      Path root = PROJECT.resolve(module).resolve("src").resolve(kind).resolve("java");
      try (Stream<Path> files = Files.walk(root)) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(all::add);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
    return all;
  }

  private static List<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  /// What the first group has matched.
  private static Set<String> found(Pattern pattern, String text) {
    return matches(pattern, text).stream()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
