package mysqlagents.k8s;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Where the commands of docs/ are typed: a directory that looks like the repository to them, with
/// this run's namespace and images in the place of the usual ones.
final class Terminal implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(15);

  /// Ends what the commands have left in the background.
  private static final String TIDY = "trap '[ -z \"${!-}\" ] || kill $! 2>/dev/null || :' EXIT\n";

  private final Path directory;
  private final String namespace;

  private Terminal(Path directory, String namespace) {
    this.directory = directory;
    this.namespace = namespace;
  }

  static Terminal open(Settings settings, Kubectl kubectl) throws IOException {
    Terminal terminal = new Terminal(settings.scratch(kubectl), kubectl.namespace());
    terminal.program("bin/kubectl", "kubectl");
    terminal.program(
        "k8s/create-secrets", settings.root().resolve("k8s/create-secrets").toString());
    for (String manifest : List.of("k8s/restore/pod.yaml", "k8s/restore/copy.yaml")) {
      terminal.write(
          manifest,
          Files.readString(settings.root().resolve(manifest))
              .replace("mysql-agents:dev", settings.agentImage()));
    }
    return terminal;
  }

  Path directory() {
    return directory;
  }

  /// Runs commands, and fails as soon as one of them does.
  ///
  /// @return what they printed
  String type(String commands) throws IOException {
    Outcome outcome = attempt(commands);
    StepFailure.unless(
        outcome.status() == 0,
        "exit status %d of%n%s%n%s".formatted(outcome.status(), commands, outcome.text()));
    return outcome.text();
  }

  /// How commands ended, and what they printed.
  record Outcome(int status, String text) {}

  Outcome attempt(String commands) throws IOException {
    // Not a pipe, which would stay open with whatever they leave in the background.
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-euc", TIDY + inThisNamespace(commands))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().merge("PATH", directory.resolve("bin") + ":", (path, bin) -> bin + path);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      StepFailure.unless(
          process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS),
          "no end in %d s:%n%s".formatted(LIMIT.toSeconds(), commands));
      return new Outcome(process.exitValue(), text(output));
    } catch (InterruptedException _) {
      throw Waiting.interrupted("a command of docs/");
    } finally {
      process.destroy();
    }
  }

  /// Bytes that are no text become question marks.
  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
  }

  private String inThisNamespace(String commands) {
    return commands.replace(".default.svc", "." + namespace + ".svc");
  }

  /// A program that adds the namespace to another's arguments.
  private void program(String name, String other) throws IOException {
    Path file =
        write(
            name,
            """
            #!/bin/sh
            PATH='%s'
            exec '%s' --namespace %s "$@"
            """
                .formatted(System.getenv("PATH"), other, namespace));
    StepFailure.unless(file.toFile().setExecutable(true), file + " cannot be made executable");
  }

  private Path write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.resolve("..").normalize());
    return Files.writeString(file, text);
  }

  /// Deletes the directory: backups and keys have been in it.
  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
