package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemberNameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ibdata1",
        "app/t1.ibd",
        "x/y/z/f",
        "app/t#P#p0.ibd",
        "app/t#P#*",
        "app/@00e4.frm",
        "größe/naïve.ibd",
        "...",
        ".hidden",
        "a..b",
        "a b",
        "ab:c",
        "c"
      })
  void acceptsWhatLiesUnderTheRoot(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    MemberName decoded = MemberName.decode(bytes);
    assertThat(decoded).isEqualTo(new MemberName(name)).hasToString(name);
    assertThat(decoded.bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "\"\",           the name '' is empty",
        "/etc/passwd,    is absolute",
        "/,              is absolute",
        "C:/x,           is absolute",
        "c:x,            is absolute",
        "\\x,            has a backslash in it",
        "a\\..\\x,       has a backslash in it",
        ".,              has '.' for a part",
        "..,             has '..' for a part",
        "../x,           has '..' for a part",
        "a/../../x,      has '..' for a part",
        "a/..,           has '..' for a part",
        "./a,            has '.' for a part",
        "a//b,           has '' for a part",
        "a/,             has '' for a part"
      })
  void refusesNamesThatCouldLeadElsewhere(String name, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MemberName(name))
        .withMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0b", "a\nERROR forged", "a\u007f", "a\u0085b", "\u001b[2J"})
  void refusesControlCharactersAndDoesNotRepeatThem(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MemberName(name))
        .withMessageContaining("has a control character in it")
        .withMessageMatching("[ -~]*");
  }

  @ParameterizedTest
  @CsvSource({"61ff", "c0af", "eda080", "f8888080", "e282", "80"})
  void refusesBytesThatAreNotUtf8(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemberName.decode(bytes))
        .withMessageContaining("is not UTF-8")
        .withMessageMatching("[ -~]*");
  }

  @Test
  void refusesHalfACharacter() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MemberName("a\ud800"))
        .withMessageContaining("cannot be encoded in UTF-8");
  }

  @Test
  void theLimitIsInBytes() {
    assertThat(new MemberName("x".repeat(511)).bytes()).hasSize(511);
    assertThat(new MemberName("ä".repeat(255)).bytes()).hasSize(510);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MemberName("x".repeat(512)))
        .withMessageContaining("is 512 bytes long; the limit is 511");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MemberName("ä".repeat(256)))
        .withMessageContaining("is 512 bytes long");
  }

  @Test
  void namesTheDirectoriesThatHoldIt() {
    assertThat(new MemberName("a/b/c").ancestors()).containsExactly("a", "a/b");
    assertThat(new MemberName("c").ancestors()).isEmpty();
  }

  @Test
  void resolvesUnderTheRoot(@TempDir Path root) throws IOException {
    assertThat(new MemberName("a/b/c").resolveUnder(root)).isEqualTo(root.resolve("a/b/c"));
    Files.createDirectories(root.resolve("a/b"));
    assertThat(new MemberName("a/b/c").resolveUnder(root)).isEqualTo(root.resolve("a/b/c"));
  }

  @Test
  void doesNotFollowALinkOnTheWay(@TempDir Path root, @TempDir Path elsewhere) throws IOException {
    Files.createDirectory(root.resolve("a"));
    Files.createSymbolicLink(root.resolve("a/b"), elsewhere);
    assertThatThrownBy(() -> new MemberName("a/b/c").resolveUnder(root))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(root.resolve("a/b") + ": is a link, and links are not followed here");
  }

  @Test
  void doesNotGoThroughAFile(@TempDir Path root) throws IOException {
    Files.createFile(root.resolve("a"));
    assertThatThrownBy(() -> new MemberName("a/b").resolveUnder(root))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("is not a directory");
  }

  /// The C locale is what a container has whose image sets none.
  @Test
  void saysWhatToDoWhereTheLocaleCannotWriteAName() throws Exception {
    ProcessBuilder child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                InLocaleC.class.getName())
            .redirectErrorStream(true);
    child.environment().remove("LANG");
    child.environment().put("LC_ALL", "C");
    Process process = child.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(output)
        .contains("/root/gr\\u00f6\\u00dfe", "no file name in this process's locale", "LC_ALL");
  }

  /// Runs in a process of its own.
  static final class InLocaleC {
    public static void main(String[] arguments) {
      try {
        new MemberName("größe").resolveUnder(Path.of("/root"));
      } catch (IOException refusal) {
        System.out.println(refusal.getMessage());
      }
    }
  }
}
