package mysqlagents.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mysqlagents.testbed.ChildProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContainerTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path directory;

  @Test
  void isStartedAgainUntilItEndsWell() throws Exception {
    Path counter = directory.resolve("counter");
    Container container = shell("echo x >> %1$s; [ $(wc -l < %1$s) = 3 ]".formatted(counter));
    assertThat(container.runToSuccess()).isTrue();
    assertThat(container.starts()).isEqualTo(3);
    assertThat(container.logTail(10)).contains("start 3", "ended with status 0");
  }

  @Test
  void isStartedAgainWhenItCannotBeStarted() throws Exception {
    Path obstacle = Files.createFile(directory.resolve("obstacle"));
    Container container =
        new Container(
            "one",
            directory.resolve("log"),
            Duration.ofMillis(10),
            log -> {
              if (Files.deleteIfExists(obstacle)) {
                throw new IOException("there is an obstacle");
              }
              return ChildProcess.start(List.of("true"), Map.of(), log);
            });
    assertThat(container.runToSuccess()).isTrue();
    assertThat(container.logTail(10)).contains("cannot be started: there is an obstacle");
  }

  @Test
  void aKillTakesItsChildrenWithItAndItIsStartedAgain() throws Exception {
    Path child = directory.resolve("child");
    Container container = shell("sleep 1000 & echo $! > %s; wait".formatted(child));
    Thread runner = run(container);
    assertThat(Waiting.until(LIMIT, () -> !Files.readString(child).isBlank())).isTrue();
    long pid = Long.parseLong(Files.readString(child).strip());
    container.kill();
    assertThat(Waiting.until(LIMIT, () -> !isAlive(pid) && container.starts() == 2)).isTrue();
    container.stop(LIMIT);
    runner.join();
    assertThat(container.isRunning()).isFalse();
  }

  @Test
  void oneThatDoesNotHeedSigtermIsKilledAfterItsGrace() throws Exception {
    Container container = shell("trap '' TERM; echo up; while true; do sleep 0.1; done");
    Thread runner = run(container);
    assertThat(Waiting.until(LIMIT, () -> container.logTail(1).equals("up"))).isTrue();
    container.stop(Duration.ofMillis(200));
    runner.join();
    assertThat(container.isRunning()).isFalse();
    assertThat(container.logTail(10)).contains("killed");
  }

  private Container shell(String script) {
    return new Container(
        "one",
        directory.resolve("log"),
        Duration.ofMillis(10),
        log -> ChildProcess.start(List.of("sh", "-c", script), Map.of(), log));
  }

  private static Thread run(Container container) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            container.runAlways();
          } catch (IOException failure) {
            throw new AssertionError(failure);
          }
        });
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
