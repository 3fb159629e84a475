package mysqlagents.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A program that we started: its standard error is drained and its last words are kept; closing
/// this ends it for certain.
///
/// Only `SIGKILL` is ever sent: mariadb-backup goes on to its end in spite of `SIGTERM`.
public final class ChildProcess implements AutoCloseable {
  /// xtrabackup asks the kernel to kill it when the *thread* that started it ends, so all programs
  /// are started by one platform thread that lives as long as this process does.
  private static final ExecutorService STARTER =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("process-starter").factory());

  /// How long after a program's end its last words may take. They are in the pipe by then; only a
  /// grandchild that keeps the pipe open makes this wait.
  private static final Duration LAST_WORDS_LIMIT = Duration.ofSeconds(5);

  private final Process process;
  private final ErrorTail errors;
  private final Thread drain;

  private ChildProcess(Process process, ErrorTail errors) {
    this.process = process;
    this.errors = errors;
    this.drain =
        Thread.ofPlatform()
            .daemon()
            .name("errors of process " + process.pid())
            .start(() -> errors.drain(process.getErrorStream()));
  }

  /// Starts a program.
  ///
  /// @param builder command, directory, environment, and where standard output goes; unless it is
  ///   redirected, somebody has to read [#output()]
  /// @param listener is given each line of standard error; it must not block
  /// @throws IOException if there is no such program, or it cannot be started
  public static ChildProcess start(ProcessBuilder builder, Consumer<String> listener)
      throws IOException {
    Process process;
    try {
      process = STARTER.submit(builder::start).get();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException(failure.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(
          "interrupted while starting " + builder.command().getFirst());
    }
    return new ChildProcess(process, new ErrorTail(listener));
  }

  public static ChildProcess start(ProcessBuilder builder) throws IOException {
    return start(builder, _ -> {});
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// Lets the program write well ahead of who reads [#output()]; worth it where much is written.
  public void enlargeOutput() {
    PipeCapacity.enlarge(process.pid());
  }

  /// What the program writes to its standard output.
  public InputStream output() {
    return process.getInputStream();
  }

  /// Waits for the program's end; on return its last words are complete.
  ///
  /// @return its exit status; 128 and the signal's number if a signal ended it
  public int awaitExit() throws InterruptedException {
    int status = process.waitFor();
    drain.join(LAST_WORDS_LIMIT);
    return status;
  }

  /// As [#awaitExit()], but for no longer than `limit`.
  ///
  /// @return empty if the program still runs
  public OptionalInt awaitExit(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)
        ? OptionalInt.of(awaitExit())
        : OptionalInt.empty();
  }

  /// The last lines of standard error so far, joined by `\n`; at most 20, each of at most 1000
  /// characters.
  public String lastWords() {
    return errors.text();
  }

  /// The very last line of standard error so far; empty if there is none.
  public String lastLine() {
    return errors.lastLine();
  }

  /// Kills the program and all that it has started, and returns without waiting for their end.
  public void kill() {
    // Found first, for once their parent is gone nobody can tell that they belonged to it; killed
    // last, for a script whose work ends before it does may take that for a success.
    List<ProcessHandle> started = process.descendants().toList();
    process.destroyForcibly();
    started.forEach(ProcessHandle::destroyForcibly);
  }

  /// Kills the program unless it has ended, and waits for its end.
  @Override
  public void close() {
    kill();
    boolean interrupted = false;
    while (true) {
      try {
        awaitExit();
        break;
      } catch (InterruptedException _) {
        // A killed process ends at once, and nobody may believe it dead while it still writes.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
