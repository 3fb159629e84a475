package mysqlagents.k8s;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A page of docs/, whose commands are tried out as its readers find them.
final class Manual {
  private static final String INDENTED = "    ";

  private final Path page;
  private final List<String> lines;

  private Manual(Path page, List<String> lines) {
    this.page = page;
    this.lines = lines;
  }

  static Manual page(Settings settings, String name) throws IOException {
    Path page = settings.root().resolve("docs").resolve(name);
    return parse(page, Files.readString(page));
  }

  static Manual parse(Path page, String text) {
    return new Manual(page, text.lines().toList());
  }

  /// The indented blocks below a heading, up to the next heading of any kind.
  ///
  /// @param heading as it stands there: `## Scale`
  /// @throws StepFailure if there is none
  List<String> blocks(String heading) throws StepFailure {
    List<String> blocks = new ArrayList<>();
    StringBuilder block = new StringBuilder();
    for (String line : section(heading)) {
      if (line.startsWith(INDENTED)) {
        block.append(line).append('\n');
      } else if (!line.isBlank()) {
        addTo(blocks, block);
      }
    }
    addTo(blocks, block);
    StepFailure.unless(!blocks.isEmpty(), "%s has no commands below '%s'".formatted(page, heading));
    return blocks;
  }

  /// As [#blocks(String)], for a caller that types all of them and must notice one more or less.
  ///
  /// @throws StepFailure if there are not `count`
  List<String> blocks(String heading, int count) throws StepFailure {
    List<String> blocks = blocks(heading);
    StepFailure.unless(
        blocks.size() == count,
        "%s has %d commands below '%s', not %d: %s"
            .formatted(page, blocks.size(), heading, count, blocks));
    return blocks;
  }

  private List<String> section(String heading) {
    return lines.stream()
        .dropWhile(line -> !line.equals(heading))
        .skip(1)
        .takeWhile(line -> !line.startsWith("#"))
        .toList();
  }

  private static void addTo(List<String> blocks, StringBuilder block) {
    if (!block.isEmpty()) {
      blocks.add(block.toString().stripTrailing().stripIndent() + "\n");
      block.setLength(0);
    }
  }
}
