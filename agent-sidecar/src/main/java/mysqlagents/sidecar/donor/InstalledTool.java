package mysqlagents.sidecar.donor;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import mysqlagents.backup.BackupTool;
import mysqlagents.backup.ToolVersion;
import mysqlagents.process.ChildProcess;

/// A backup tool that this machine has.
///
/// @param program its name or path
public record InstalledTool(String program, ToolVersion version) {
  private static final System.Logger LOG = System.getLogger(InstalledTool.class.getName());

  /// `--version` takes milliseconds; a program that takes this long is not what it should be.
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

  /// Far more than a version needs, in bytes.
  private static final int LONGEST_ANSWER = 64 << 10;

  /// Asks `program` for its version. A machine usually has one of the tools only, so that one is
  /// missing is no failure.
  public static Optional<InstalledTool> find(BackupTool tool, String program)
      throws InterruptedException {
    Optional<InstalledTool> found =
        versionAnswer(tool, program)
            .flatMap(answer -> ToolVersion.in(tool, answer))
            .map(version -> new InstalledTool(program, version));
    LOG.log(
        INFO,
        () ->
            found.isPresent()
                ? "found %s".formatted(found.get().version())
                : "found no %s (%s)".formatted(tool.program(), program));
    return found;
  }

  private static Optional<String> versionAnswer(BackupTool tool, String program)
      throws InterruptedException {
    // Both streams in one: xtrabackup 2.4 answers on standard error.
    ProcessBuilder command =
        new ProcessBuilder(tool.versionCommand(program)).redirectErrorStream(true);
    try (ChildProcess child = ChildProcess.start(command)) {
      Thread limit = Thread.ofPlatform().daemon().start(() -> killAfterLimit(child));
      byte[] answer = child.output().readNBytes(LONGEST_ANSWER);
      limit.interrupt();
      return Optional.of(new String(answer, StandardCharsets.UTF_8));
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  private static void killAfterLimit(ChildProcess child) {
    try {
      if (child.awaitExit(ANSWER_LIMIT).isEmpty()) {
        LOG.log(WARNING, () -> "killed a backup tool that did not tell its version");
        child.kill();
      }
    } catch (InterruptedException _) {
      // It has answered.
    }
  }
}
