package mysqlagents.testbed;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A process of ours with its output in a file, which can be signalled and which never outlives
/// this JVM.
///
/// It leads a session of its own: Ctrl-C in the terminal reaches only this JVM, which then stops
/// its children in an order of its choosing. Should this JVM be killed, the kernel kills the child.
public final class ChildProcess implements AutoCloseable {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(60);

  /// The kernel kills a child with `pdeathsig` as soon as the *thread* that started it ends; this
  /// one lives as long as the JVM.
  private static final ExecutorService STARTER =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("process starter").factory());

  private final Process process;
  private final Path log;

  private ChildProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /// Starts `command` with nothing but `environment` and this JVM's `PATH` around it.
  ///
  /// @param log gets standard output and standard error, appended
  public static ChildProcess start(List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    List<String> whole = new ArrayList<>(List.of("setsid", "setpriv", "--pdeathsig", "KILL", "--"));
    whole.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(whole);
    String path = builder.environment().getOrDefault("PATH", "/usr/bin:/bin");
    builder.environment().clear();
    builder.environment().put("PATH", path + ":/usr/sbin:/sbin");
    builder.environment().putAll(environment);
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process process;
    try {
      process = STARTER.submit(builder::start).get();
    } catch (ExecutionException failure) {
      throw new IOException("cannot start " + command.getFirst(), failure.getCause());
    } catch (InterruptedException _) {
      throw interrupted("starting " + command.getFirst());
    }
    process.getOutputStream().close();
    return new ChildProcess(process, log);
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// Completes with the exit status, which is 128 plus the number for an end by a signal.
  public CompletableFuture<Integer> onExit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /// @throws IOException if it has not ended within `limit`
  public int waitFor(Duration limit) throws IOException {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(
            "process %d still runs after %d s".formatted(pid(), limit.toSeconds()));
      }
    } catch (InterruptedException _) {
      throw interrupted("waiting for process " + pid());
    }
    return process.exitValue();
  }

  /// Sends SIGTERM.
  public void terminate() {
    process.destroy();
  }

  /// Sends SIGKILL to this process alone.
  public void kill() {
    process.destroyForcibly();
  }

  /// Sends SIGKILL to the process and all descendants that stayed in its session, dead or not: what
  /// the end of a container does to the processes in it.
  public void killAll() throws IOException {
    signal("KILL", "-" + pid());
  }

  /// Sends SIGSTOP.
  public void freeze() throws IOException {
    signal("STOP", Long.toString(pid()));
  }

  /// Sends SIGCONT.
  public void thaw() throws IOException {
    signal("CONT", Long.toString(pid()));
  }

  /// Where the output goes.
  public Path log() {
    return log;
  }

  /// The last `lines` lines of the output.
  public String logTail(int lines) throws IOException {
    return tail(log, lines);
  }

  /// Ends it: SIGTERM, and SIGKILL if that has no effect in time.
  @Override
  public void close() throws IOException {
    if (isAlive()) {
      thaw();
      terminate();
      try {
        waitFor(CLOSE_LIMIT);
      } finally {
        killAll();
      }
    }
  }

  static String tail(Path file, int lines) throws IOException {
    List<String> all;
    try (Stream<String> text = Files.lines(file)) {
      all = text.toList();
    } catch (NoSuchFileException _) {
      return "";
    }
    return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
  }

  static InterruptedIOException interrupted(String during) {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while " + during);
  }

  /// The JDK can send only SIGTERM and SIGKILL, and only to single processes. A target that is gone
  /// is no failure. The shell's own `kill` is used, for a small system may lack the program.
  private static void signal(String name, String target) throws IOException {
    try {
      new ProcessBuilder("sh", "-c", "kill -s \"$0\" -- \"$1\"", name, target)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (InterruptedException _) {
      throw interrupted("signalling process " + target);
    }
  }
}
