package mysqlagents.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the documents name must exist, and what the code asks of a user must be in the documents.
class DocumentsTest {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> AGENTS =
      List.of("agent-common", "agent-init", "agent-clone", "agent-sidecar");

  private static final List<String> MODULES =
      Stream.concat(AGENTS.stream(), Stream.of("testbed", "lab")).toList();

  /// A call of `Env`, or the environment itself, with the name of a variable.
  private static final Pattern SETTING =
      Pattern.compile(
          "(?:env\\.\\w+|file|text|getOrDefault|containsKey)\\(\\s*(?:env,\\s*)?\"([A-Z][A-Z_]+)\"");

  private static final Pattern TABLE_ROW = Pattern.compile("(?m)^\\| `([A-Z][A-Z_]+)` \\|");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");
  private static final Pattern CLASS_NAME = Pattern.compile("`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`");

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
  void linksLeadSomewhere() throws IOException {
    for (Path document : documents()) {
      for (String link : found(LINK, Files.readString(document))) {
        assertThat(document.resolveSibling(link)).as("%s in %s", link, document).exists();
      }
    }
  }

  @Test
  void namedClassesExist() throws IOException {
    Set<String> classes =
        Stream.of("main", "test")
            .flatMap(kind -> sources(MODULES, kind).stream())
            .map(source -> String.valueOf(source.getFileName()).replace(".java", ""))
            .collect(Collectors.toSet());
    for (String document : List.of("ARCHITECTURE.md", "CONTRIBUTING.md")) {
      assertThat(classes)
          .as(document)
          .containsAll(found(CLASS_NAME, Files.readString(PROJECT.resolve(document))));
    }
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

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
