package mysqlagents.main;

import static java.lang.System.Logger.Level.ERROR;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import mysqlagents.settings.ConfigException;

/// Runs an agent and turns its end into an exit code, one log line and the container's termination
/// message.
public final class AgentMain {
  private static final System.Logger LOG = System.getLogger(AgentMain.class.getName());

  /// In bytes. Kubernetes keeps 4096 of a container's message and 12 KiB of all of a pod's, in
  /// equal parts; our pods have four containers.
  private static final int TERMINATION_MESSAGE_LIMIT = 3072;

  private static final String LEFT_OUT = " […]";

  private static final String FILE_REMEDY =
      "see that this container's user may read and write there, and that the disk is not full";

  private AgentMain() {}

  /// The work of an agent.
  @FunctionalInterface
  public interface Agent {
    void run() throws Exception;
  }

  /// Runs `agent` to its end. The result is for `System.exit`, which only a `main` calls.
  ///
  /// @param name the program's name, as the user knows it: `agent-clone`
  public static ExitCode run(String name, Agent agent) {
    Logging.configure();
    try {
      agent.run();
      return ExitCode.OK;
    } catch (AgentFailure failure) {
      return end(
          "%s: %s".formatted(name, withCauses(failure)),
          remedy(name, failure.remedy()),
          failure.exitCode());
    } catch (ConfigException failure) {
      return end(
          "%s: misconfigured:%n%s".formatted(name, failure.getMessage()), ExitCode.MISCONFIGURED);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return end(name + ": interrupted before the work was done", ExitCode.FAILED);
    } catch (FileSystemException failure) {
      return end(
          "%s: %s".formatted(name, describe(failure)), remedy(name, FILE_REMEDY), ExitCode.FILES);
    } catch (IOException failure) {
      return end("%s: %s".formatted(name, withCauses(failure)), ExitCode.FAILED);
    } catch (Throwable bug) {
      LOG.log(
          ERROR,
          () -> name + ": this is a bug in mysql-agents; please report it with this log",
          bug);
      writeTerminationMessage("%s: bug: %s".formatted(name, bug));
      return ExitCode.BUG;
    }
  }

  private static String remedy(String name, String text) {
    return "%n%s: what to do: %s".formatted(name, text);
  }

  private static ExitCode end(String message, ExitCode exitCode) {
    return end(message, "", exitCode);
  }

  /// @param remedy is never left out
  private static ExitCode end(String problem, String remedy, ExitCode exitCode) {
    LOG.log(ERROR, () -> problem + remedy);
    int room = TERMINATION_MESSAGE_LIMIT - bytes(remedy).length;
    writeTerminationMessage(
        bytes(problem).length <= room || remedy.isEmpty()
            ? problem + remedy
            : begin(problem, room - bytes(LEFT_OUT).length) + LEFT_OUT + remedy);
    return exitCode;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// As much of `text` as fits into so many bytes.
  private static String begin(String text, int limit) {
    byte[] bytes = bytes(text);
    int length = Math.clamp(limit, 0, bytes.length);
    // Never the first half of a character: 10xxxxxx is how its further bytes begin.
    while (length < bytes.length && (bytes[length] & 0xC0) == 0x80) {
      length--;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  /// The message of `failure` followed by those of its causes, for a reader who sees only this
  /// line.
  public static String withCauses(Throwable failure) {
    StringBuilder text = new StringBuilder(describe(failure));
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      String more = describe(cause);
      if (text.indexOf(more) < 0) {
        text.append(": ").append(more);
      }
    }
    return text.toString();
  }

  /// What went wrong with a file, for a message that already names the file: `access denied`.
  public static String reason(IOException failure) {
    if (failure instanceof FileSystemException file) {
      return file.getReason() == null ? words(failure) : file.getReason();
    }
    return describe(failure);
  }

  /// The JDK's file exceptions carry only a path as their message; this names the trouble as well.
  private static String describe(Throwable failure) {
    if (failure instanceof FileSystemException file) {
      return "%s: %s".formatted(file.getFile(), reason(file));
    }
    String message = failure.getMessage();
    return message == null || message.isBlank() ? words(failure) : message;
  }

  /// `NoSuchFileException` → `no such file`.
  private static String words(Throwable failure) {
    return failure
        .getClass()
        .getSimpleName()
        .replaceFirst("Exception$", "")
        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
        .toLowerCase(java.util.Locale.ROOT);
  }

  /// Kubernetes shows this file's content in `kubectl describe pod`. Its path is the container's
  /// `terminationMessagePath`, given to us as `TERMINATION_MESSAGE_PATH`; not being able to write
  /// it must not hide the failure itself.
  public static void writeTerminationMessage(String message) {
    Path path =
        Path.of(System.getenv().getOrDefault("TERMINATION_MESSAGE_PATH", "/dev/termination-log"));
    if (!Files.isWritable(path) && !System.getenv().containsKey("TERMINATION_MESSAGE_PATH")) {
      return;
    }
    try {
      Files.writeString(path, begin(message, TERMINATION_MESSAGE_LIMIT));
    } catch (IOException _) {
      // Outside of Kubernetes there is no such file; the log has the same text.
    }
  }
}
