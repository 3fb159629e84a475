package mysqlagents.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/// Looks for secrets, again and again, where every user of a machine may look: in the command lines
/// of all that this process has started; and where only root may: in their environments.
final class ProcessWatch implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Secrets secrets;
  private final Set<String> finds = new ConcurrentSkipListSet<>();
  private final Set<String> programs = new ConcurrentSkipListSet<>();
  private final Thread watcher = new Thread(this::watch, "process watch");

  private ProcessWatch(Secrets secrets) {
    this.secrets = secrets;
  }

  static ProcessWatch start(Secrets secrets) {
    ProcessWatch watch = new ProcessWatch(secrets);
    watch.watcher.start();
    return watch;
  }

  /// Which secret was seen where so far, as in `password of root in the cmdline of mariadb`.
  Set<String> finds() {
    return new TreeSet<>(finds);
  }

  /// The programs that were looked at.
  Set<String> programs() {
    return new TreeSet<>(programs);
  }

  @Override
  public void close() {
    watcher.interrupt();
    try {
      watcher.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch() {
    try {
      while (true) {
        ProcessHandle.current().descendants().forEach(this::look);
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void look(ProcessHandle process) {
    Path directory = Path.of("/proc", Long.toString(process.pid()));
    try {
      String program = Files.readString(directory.resolve("comm")).strip();
      programs.add(program);
      for (String file : List.of("cmdline", "environ")) {
        for (String name : secrets.in(Files.readAllBytes(directory.resolve(file)))) {
          finds.add("%s in the %s of %s".formatted(name, file, program));
        }
      }
    } catch (IOException _) {
      // It has ended meanwhile.
    }
  }
}
