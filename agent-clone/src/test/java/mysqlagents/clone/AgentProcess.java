package mysqlagents.clone;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// agent-clone as the process that users run. Its output goes to files, so that it can be killed at
/// any moment.
final class AgentProcess implements AutoCloseable {
  /// What a Java process may take to start and get to work where others are at work.
  static final Duration START_LIMIT = Duration.ofSeconds(60);

  record End(int exitCode, String output, String log, String terminationMessage) {}

  private final Process process;
  private final Path output;
  private final Path log;
  private final Path message;

  private AgentProcess(Process process, Path output, Path log, Path message) {
    this.process = process;
    this.output = output;
    this.log = log;
    this.message = message;
  }

  /// @param prefix of the command, such as a shell that sets a limit
  static AgentProcess start(
      Path directory, List<String> prefix, List<String> flags, Map<String, String> variables)
      throws IOException {
    Path output = directory.resolve("agent.out");
    Path log = directory.resolve("agent.log");
    Path message = directory.resolve("agent.end");
    Files.deleteIfExists(message);
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m"));
    command.addAll(flags);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), CloneMain.class.getName()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(log.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", System.getenv("PATH"));
    builder.environment().put("TERMINATION_MESSAGE_PATH", message.toString());
    builder.environment().putAll(variables);
    return new AgentProcess(builder.start(), output, log, message);
  }

  End await() throws IOException, InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("agent-clone does not end:\n" + log());
    }
    return new End(
        process.exitValue(),
        Files.readString(output, UTF_8),
        log(),
        Files.exists(message) ? Files.readString(message, UTF_8) : "");
  }

  String log() throws IOException {
    return Files.readString(log, UTF_8);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /// SIGTERM.
  void terminate() {
    process.destroy();
  }

  /// SIGKILL, to this process alone.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
