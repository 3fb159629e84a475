package mysqlagents.k8s;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The program `kubectl` in one namespace of the cluster that it points to.
final class Kubectl {
  /// A rolling update of all pods is one command.
  private static final Duration LIMIT = Duration.ofMinutes(15);

  private final String namespace;

  Kubectl(String namespace) {
    this.namespace = namespace;
  }

  /// What one call gave.
  record Result(int status, String output, String errors) {
    boolean succeeded() {
      return status == 0;
    }

    /// Both, as a terminal shows them.
    String text() {
      return (output + errors).strip();
    }
  }

  String namespace() {
    return namespace;
  }

  /// Standard output, without the last line's end.
  ///
  /// @throws KubectlException if it fails, with what it said
  String run(String... arguments) throws IOException {
    return runWith("", arguments);
  }

  /// As [#run], with `input` as standard input.
  String runWith(String input, String... arguments) throws IOException {
    Result result = attempt(input, arguments);
    if (!result.succeeded()) {
      throw new KubectlException(
          "kubectl %s: %s".formatted(String.join(" ", arguments), result.text()));
    }
    return result.output().stripTrailing();
  }

  /// One field of an object.
  String field(String object, String jsonPath) throws IOException {
    return run("get", object, "-o", "jsonpath={" + jsonPath + "}");
  }

  Result attempt(String input, String... arguments) throws IOException {
    Process process = new ProcessBuilder(command(arguments)).start();
    try {
      CompletableFuture<String> output = text(process.getInputStream());
      CompletableFuture<String> errors = text(process.getErrorStream());
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new KubectlException(
            "kubectl %s has not ended in %d s"
                .formatted(String.join(" ", arguments), LIMIT.toSeconds()));
      }
      return new Result(process.exitValue(), output.join(), errors.join());
    } catch (InterruptedException _) {
      throw Waiting.interrupted("kubectl " + arguments[0]);
    } finally {
      process.destroyForcibly();
    }
  }

  /// A call that goes on until it is closed; its output is the caller's to read.
  Process start(String... arguments) throws IOException {
    return new ProcessBuilder(command(arguments))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(List.of("kubectl", "--namespace", namespace));
    command.addAll(List.of(arguments));
    return command;
  }

  private static CompletableFuture<String> text(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> text.completeAsync(() -> readAll(stream), Runnable::run));
    return text;
  }

  private static String readAll(InputStream stream) {
    try {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
