package mysqlagents.main;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import mysqlagents.settings.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class AgentMainTest {
  @TempDir private Path directory;

  private record End(int exitCode, String log, String terminationMessage) {}

  /// How an agent of the other process can end.
  enum Ending {
    WELL(0, " INFO worked\n", ""),
    REFUSAL(
        77,
        " ERROR demo: mysql-1 holds data: it said so\ndemo: what to do: look at mysql-1\n",
        "demo: mysql-1 holds data: it said so\ndemo: what to do: look at mysql-1"),
    SETTINGS(78, " ERROR demo: misconfigured:\nA is 'b'\nC is 'd'\n", null),
    FILE(
        74,
        " ERROR demo: /volume/x: access denied\ndemo: what to do: see that this container's user may read and write there, and that the disk is not full\n",
        null),
    NETWORK(75, " ERROR demo: cut: at byte 7\n", "demo: cut: at byte 7"),
    INTERRUPTION(75, " ERROR demo: interrupted before the work was done\n", null),
    BUG(
        70,
        " ERROR demo: this is a bug in mysql-agents; please report it with this log\njava.lang.IllegalStateException: oops\n",
        "demo: bug: java.lang.IllegalStateException: oops"),
    NOVEL(75, "€".repeat(10), "demo: " + "€".repeat((3072 - 6) / 3)),
    /// Whatever has to be left out, what to do is not.
    LONG_REFUSAL(
        77,
        "€\ndemo: what to do: look at mysql-1\n",
        "demo: " + "€".repeat((3072 - 6 - 40) / 3) + " […]\ndemo: what to do: look at mysql-1");

    private final int exitCode;
    private final String log;
    private final String terminationMessage;

    Ending(int exitCode, String log, @org.jspecify.annotations.Nullable String message) {
      this.exitCode = exitCode;
      this.log = log;
      this.terminationMessage =
          message == null ? log.substring(" ERROR ".length()).strip() : message;
    }

    void play() throws Exception {
      switch (this) {
        case WELL -> System.getLogger("demo").log(System.Logger.Level.INFO, () -> "worked");
        case REFUSAL ->
            throw new AgentFailure(
                ExitCode.REFUSED,
                "mysql-1 holds data",
                "look at mysql-1",
                new IOException("it said so"));
        case SETTINGS -> throw new ConfigException(List.of("A is 'b'", "C is 'd'"));
        case FILE -> throw new AccessDeniedException("/volume/x");
        case NETWORK -> throw new IOException("cut", new IOException("at byte 7"));
        case INTERRUPTION -> throw new InterruptedException();
        case BUG -> throw new IllegalStateException("oops");
        case NOVEL -> throw new IOException("€".repeat(5000));
        case LONG_REFUSAL ->
            throw new AgentFailure(ExitCode.REFUSED, "€".repeat(5000), "look at mysql-1");
      }
    }
  }

  /// What the other process runs.
  public static void main(String[] arguments) {
    System.exit(AgentMain.run("demo", () -> Ending.valueOf(arguments[0]).play()).value());
  }

  private End end(Ending ending) throws Exception {
    Path message = directory.resolve("termination-log");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // Where the platform's own encoding is ASCII, the log has question marks instead.
                "-Dstderr.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                AgentMainTest.class.getName(),
                ending.name())
            .redirectErrorStream(true);
    builder.environment().put("TERMINATION_MESSAGE_PATH", message.toString());
    Process process = builder.start();
    String log = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new End(process.waitFor(), log, Files.exists(message) ? Files.readString(message) : "");
  }

  @ParameterizedTest
  @EnumSource
  void everyEndHasItsExitCodeItsLineAndItsTerminationMessage(Ending ending) throws Exception {
    End end = end(ending);
    assertThat(end.exitCode()).isEqualTo(ending.exitCode);
    assertThat(end.log()).contains(ending.log);
    assertThat(end.terminationMessage()).isEqualTo(ending.terminationMessage);
  }

  @Test
  void exitCodesDiffer() {
    assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::value)).doesNotHaveDuplicates();
  }

  @Test
  void causesAreToldOnceEach() {
    IOException root = new IOException("connection refused");
    assertThat(AgentMain.withCauses(new IOException("mysql-1: connection refused", root)))
        .isEqualTo("mysql-1: connection refused");
    assertThat(AgentMain.withCauses(new IOException("mysql-1", root)))
        .isEqualTo("mysql-1: connection refused");
  }

  @Test
  void fileTroubleIsPutInWords() {
    assertThat(AgentMain.withCauses(new NoSuchFileException("/a"))).isEqualTo("/a: no such file");
    assertThat(AgentMain.withCauses(new FileSystemException("/a", null, "Is full")))
        .isEqualTo("/a: Is full");
    assertThat(AgentMain.reason(new AccessDeniedException("/a"))).isEqualTo("access denied");
    assertThat(AgentMain.reason(new FileSystemException("/a", null, "Is full")))
        .isEqualTo("Is full");
    assertThat(AgentMain.reason(new IOException("odd"))).isEqualTo("odd");
  }
}
