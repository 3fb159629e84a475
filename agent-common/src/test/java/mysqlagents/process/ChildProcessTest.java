package mysqlagents.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class ChildProcessTest {
  private static ProcessBuilder shell(String script) {
    return new ProcessBuilder("sh", "-c", script);
  }

  @Test
  void givesOutputExitStatusAndLastWords() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    try (ChildProcess child =
        ChildProcess.start(shell("echo data; echo one >&2; echo two >&2; exit 3"), heard::add)) {
      assertThat(new String(child.output().readAllBytes(), UTF_8)).isEqualTo("data\n");
      assertThat(child.awaitExit()).isEqualTo(3);
      assertThat(child.lastWords()).isEqualTo("one\ntwo");
      assertThat(child.lastLine()).isEqualTo("two");
      assertThat(heard).containsExactly("one", "two");
    }
  }

  @Test
  void neverBlocksAProgramThatTalksALotAndKeepsOnlyTheEnd() throws Exception {
    String talk = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo \"line $i\" >&2; done";
    try (ChildProcess child = ChildProcess.start(shell(talk))) {
      assertThat(child.awaitExit()).isZero();
      assertThat(child.lastWords().lines()).hasSize(20).endsWith("line 19999", "line 20000");
    }
  }

  @Test
  void cutsEndlessLinesAndKeepsALastLineWithoutAnEnd() throws Exception {
    try (ChildProcess child =
        ChildProcess.start(shell("head -c 5000000 /dev/zero | tr '\\0' x >&2; exit 1"))) {
      assertThat(child.awaitExit()).isEqualTo(1);
      assertThat(child.lastLine()).hasSize(1000).matches("x+");
    }
  }

  @Test
  void killsAProgramThatIgnoresTerminationAndWhatItStarted() throws Exception {
    ChildProcess child =
        ChildProcess.start(shell("trap '' TERM HUP PIPE; sleep 1000 & echo $!; wait"));
    long grandchild = Long.parseLong(readLine(child));
    assertThat(ProcessHandle.of(grandchild)).isPresent();

    child.close();

    assertThat(child.isAlive()).isFalse();
    assertThat(child.awaitExit()).isEqualTo(128 + 9);
    ProcessHandle.of(grandchild).ifPresent(handle -> handle.onExit().join());
    assertThat(ProcessHandle.of(grandchild).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void waitsNoLongerThanAsked() throws Exception {
    try (ChildProcess child = ChildProcess.start(shell("exec sleep 1000"))) {
      assertThat(child.awaitExit(Duration.ofMillis(20))).isEmpty();
      assertThat(child.isAlive()).isTrue();
    }
  }

  @Test
  void closesEvenWhenTheThreadIsInterrupted() throws Exception {
    ChildProcess child = ChildProcess.start(shell("exec sleep 1000"));
    Thread.currentThread().interrupt();
    child.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(child.isAlive()).isFalse();
  }

  /// `setpriv --pdeathsig` asks of the kernel what xtrabackup asks by itself.
  @Test
  void outlivesTheThreadThatAskedForIt() throws Exception {
    ChildProcess[] started = new ChildProcess[1];
    Thread shortLived =
        Thread.ofPlatform()
            .start(() -> {
              try {
                started[0] =
                    ChildProcess.start(
                        new ProcessBuilder(
                            "setpriv", "--pdeathsig", "KILL", "sh", "-c", "echo up; read x"));
                readLine(started[0]);
              } catch (IOException failure) {
                throw new java.io.UncheckedIOException(failure);
              }
            });
    shortLived.join();
    try (ChildProcess child = started[0]) {
      // Were it to die with its thread, it would do so at once.
      assertThat(child.awaitExit(Duration.ofMillis(300))).isEmpty();
    }
  }

  @Test
  void namesAProgramThatIsMissing(@TempDir Path directory) {
    assertThatThrownBy(() -> ChildProcess.start(new ProcessBuilder("no-such-program-here")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no-such-program-here");
    assertThatThrownBy(() ->
            ChildProcess.start(shell("true").directory(directory.resolve("missing").toFile())))
        .isInstanceOf(IOException.class);
  }

  @Test
  void leavesARedirectedOutputAlone(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("out");
    try (ChildProcess child =
        ChildProcess.start(shell("echo kept").redirectOutput(Redirect.to(file.toFile())))) {
      assertThat(child.awaitExit(Duration.ofSeconds(20)).stream().boxed().findFirst())
          .isEqualTo(Optional.of(0));
    }
    assertThat(Files.readString(file)).isEqualTo("kept\n");
  }

  private static String readLine(ChildProcess child) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c; (c = child.output().read()) >= 0 && c != '\n'; ) {
      line.append((char) c);
    }
    return line.toString();
  }
}
