package mysqlagents.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The code in `docs/testcontainers.md` is the code that runs.
class DocumentTest {
  private static final Path PROJECT = Path.of("..");

  /// A file's name in a comment, and after it what is said to be from there.
  private static final Pattern EXCERPT =
      Pattern.compile("<!-- from (\\S+) -->\n\n```[a-z]+\n(.*?)```", Pattern.DOTALL);

  private static final Pattern FENCE = Pattern.compile("(?m)^```[a-z]+$");

  private static String document() throws IOException {
    return Files.readString(PROJECT.resolve("docs/testcontainers.md"));
  }

  @Test
  void everyExcerptIsInItsFile() throws IOException {
    List<MatchResult> excerpts = EXCERPT.matcher(document()).results().toList();
    assertThat(excerpts).hasSizeGreaterThanOrEqualTo(3);
    for (MatchResult excerpt : excerpts) {
      assertThat(withoutIndentation(Files.readString(PROJECT.resolve(excerpt.group(1)))))
          .contains(withoutIndentation(excerpt.group(2)));
    }
  }

  @Test
  void thereIsNoOtherCode() throws IOException {
    assertThat(FENCE.matcher(document()).results().count())
        .isEqualTo(EXCERPT.matcher(document()).results().count());
  }

  /// The documents begin at the margin.
  private static String withoutIndentation(String code) {
    return code.lines().map(String::strip).collect(Collectors.joining("\n"));
  }

  /// What it tells people to copy needs nothing of this project.
  @Test
  void whatIsToBeCopiedStandsAlone() throws IOException {
    for (String name : List.of("MysqlSet", "Pod", "Secrets")) {
      assertThat(document()).contains("`" + name + "`");
      assertThat(Files.readString(Path.of("src/main/java/mysqlagents/docker", name + ".java")))
          .doesNotContain("import mysqlagents.");
    }
  }
}
