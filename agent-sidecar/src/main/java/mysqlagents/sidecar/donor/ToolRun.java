package mysqlagents.sidecar.donor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import mysqlagents.process.ChildProcess;
import mysqlagents.wire.Problem;

/// A backup tool at work. Closing it kills it, unless it has ended.
final class ToolRun implements BackupRun {
  /// How long the tool may take to end once it has closed its output.
  private static final Duration END_LIMIT = Duration.ofSeconds(30);

  private final InstalledTool tool;
  private final Scratch scratch;
  private final ToolLog log = new ToolLog();
  private final ChildProcess process;

  private ToolRun(InstalledTool tool, List<String> command, Scratch scratch)
      throws BackupFailedException {
    this.tool = tool;
    this.scratch = scratch;
    try {
      process =
          ChildProcess.start(new ProcessBuilder(command).directory(scratch.target().toFile()), log);
      process.enlargeOutput();
    } catch (IOException failure) {
      throw new BackupFailedException(
          Ending.TOOL_FAILED,
          new Problem(
              "%s cannot be started: %s".formatted(tool.version(), failure.getMessage()),
              "look at the image of the agent-sidecar container"),
          failure);
    }
  }

  /// @param scratch is closed with the run, but not if there is none
  static ToolRun start(InstalledTool tool, Scratch scratch, int parallel)
      throws BackupFailedException {
    List<String> command = new ArrayList<>(DeathSignal.prefix());
    command.addAll(
        tool.version()
            .tool()
            .backupCommand(tool.program(), scratch.optionFile(), scratch.target(), parallel));
    return new ToolRun(tool, command, scratch);
  }

  @Override
  public void writeTo(Sink sink) throws BackupFailedException, IOException, InterruptedException {
    InputStream stream = process.output();
    byte[] buffer = new byte[Body.PIECE];
    int length = stream.read(buffer);
    if (length < 0) {
      requireSuccess();
      throw failed("sent nothing");
    }
    scratch.forgetPassword();
    for (; length >= 0; length = stream.read(buffer)) {
      sink.send(ByteBuffer.wrap(buffer, 0, length));
    }
    requireSuccess();
  }

  @Override
  public boolean isLocked() {
    return log.isLocked();
  }

  /// Waits for the tool's end and returns only if the tool ended well and said so.
  private void requireSuccess() throws BackupFailedException, InterruptedException {
    OptionalInt status = process.awaitExit(END_LIMIT);
    if (status.isEmpty()) {
      throw failed(
          "closed its output, but did not end within %d s".formatted(END_LIMIT.toSeconds()));
    }
    if (status.getAsInt() != 0) {
      throw failed("ended with exit status %d".formatted(status.getAsInt()));
    }
    if (!log.saysSuccess()) {
      throw failed("ended with exit status 0, but did not say that it completed");
    }
  }

  private BackupFailedException failed(String how) {
    String lastWords = log.lastWords();
    return new BackupFailedException(
        Ending.TOOL_FAILED,
        new Problem(
            "%s %s; its last words:%n%s"
                .formatted(tool.version(), how, lastWords.isEmpty() ? "(none)" : lastWords),
            "mend what the tool complains of; a missing privilege has to be granted to BACKUP_USER, as"
                + " docs/accounts.md says"));
  }

  @Override
  public void kill() {
    process.kill();
  }

  @Override
  public void close() {
    try (scratch) {
      process.close();
    }
  }
}
