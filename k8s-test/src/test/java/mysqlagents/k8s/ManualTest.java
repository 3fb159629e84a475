package mysqlagents.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ManualTest {
  private static final Manual MANUAL =
      Manual.parse(
          Path.of("page.md"),
          """
          ## Before

              no

          ## Here

          Text:

              one \\
                two

              three

          1. A step:

                 four <<EOF
                 EOF

          2. Another.

          ### After

              no
          """);

  @Test
  void findsTheBlocksBelowAHeading() throws IOException {
    assertThat(MANUAL.blocks("## Here"))
        .containsExactly("one \\\n  two\nthree\n", "four <<EOF\nEOF\n");
  }

  @Test
  void noticesOneMoreOrLess() throws IOException {
    assertThat(MANUAL.blocks("## Here", 2)).isEqualTo(MANUAL.blocks("## Here"));
    assertThatThrownBy(() -> MANUAL.blocks("## Here", 3))
        .hasMessageStartingWith("page.md has 2 commands below '## Here', not 3: [one");
  }

  @Test
  void refusesAHeadingWithoutCommands() {
    assertThatThrownBy(() -> MANUAL.blocks("## Gone"))
        .hasMessage("page.md has no commands below '## Gone'");
  }
}
