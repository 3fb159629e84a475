package mysqlagents.clone;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import mysqlagents.backup.BackupEngine;
import mysqlagents.backup.BackupTool;
import mysqlagents.process.ChildProcess;

/// Runs the backup tool's `--prepare`, which makes a backup into a data directory.
final class Preparation {
  private final Function<BackupTool, String> programs;
  private final long memory;
  private final Duration progressInterval;

  /// @param memory in bytes, for InnoDB's recovery
  Preparation(Function<BackupTool, String> programs, long memory, Duration progressInterval) {
    this.programs = programs;
    this.memory = memory;
    this.progressInterval = progressInterval;
  }

  /// Does nothing where there is nothing to prepare: what the CLONE plugin has made, mysqld itself
  /// recovers at its first start.
  ///
  /// @throws DonorException unless the tool ended with status 0 and said that all is well
  void run(BackupEngine engine, Path staging) throws IOException, InterruptedException {
    if (engine.tool().isPresent()) {
      prepare(engine.tool().get(), staging);
    }
  }

  private void prepare(BackupTool tool, Path staging) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(tool.prepareCommand(programs.apply(tool), staging, memory))
            // Where its working directory is tells the next start whose an orphan is.
            .directory(staging.toFile())
            .redirectOutput(Redirect.DISCARD);
    try (ChildProcess child = ChildProcess.start(builder);
        Progress _ = Progress.of(progressInterval, () -> "preparing: " + child.lastLine())) {
      int status = child.awaitExit();
      if (status != 0 || !BackupTool.saysSuccess(child.lastLine())) {
        throw new DonorException(
            "%s --prepare failed with exit status %d; its last words: %s"
                .formatted(tool.program(), status, child.lastWords()),
            "see what the tool says; if it is about memory, raise this container's limit or set PREPARE_MEMORY_BYTES");
      }
    }
  }
}
