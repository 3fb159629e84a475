package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that refuses, as a process with limits of its own meets it: a full disk cannot be had
/// without being root, but the kernel refuses a write beyond `ulimit -f` at the same place.
class DiskLimitsTest {
  @TempDir private Path directory;

  @Test
  void namesTheFileThatCannotGrow() throws Exception {
    byte[] stream =
        new StreamBuilder()
            .member("app/small", new byte[100])
            .data("app/large", 0, new byte[200_000])
            .bytes();
    assertThat(receiveUnder("ulimit -f 100", stream))
        .isEqualTo(
            "FileSystemException: %s: cannot be written: File too large"
                .formatted(directory.resolve("app/large")));
  }

  @Test
  void namesTheFileThatCannotGrowByABlock() throws Exception {
    byte[] stream =
        new StreamBuilder()
            .data("app/large", 0, new byte[3 << 20])
            .end("app/large")
            .receipt()
            .bytes();
    assertThat(receiveUnder("ulimit -f 3000", stream))
        .isEqualTo(
            "FileSystemException: %s: cannot be written: File too large"
                .formatted(directory.resolve("app/large")));
  }

  @Test
  void namesTheFileThatCannotReachBehindItsHole() throws Exception {
    byte[] stream = new StreamBuilder().sparse("a", 0, new byte[0], -1, 0).end("a").bytes();
    assertThat(receiveUnder("ulimit -f 100", stream))
        .isEqualTo(
            "FileSystemException: %s: cannot be written: File too large"
                .formatted(directory.resolve("a")));
  }

  @Test
  void namesTheFileForWhichNoDescriptorIsLeft() throws Exception {
    StreamBuilder stream = new StreamBuilder();
    for (int member = 0; member < 200; member++) {
      stream.data("t" + member, 0, new byte[1]);
    }
    assertThat(receiveUnder("ulimit -n 100", stream.bytes()))
        .startsWith("FileSystemException: " + directory.resolve("t"))
        .endsWith(": Too many open files");
  }

  /// What a receiver in a process under `limit` says to a stream.
  private String receiveUnder(String limit, byte[] stream) throws Exception {
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                limit + " && exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Its file of counters would be the first to be too large.
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Receiver.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(stream);
    } catch (IOException _) {
      // The receiver gave up before it had read everything.
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output.strip();
  }

  /// Receives its standard input into a directory, in a process of its own.
  static final class Receiver {
    public static void main(String[] arguments) throws IOException {
      try {
        Recipient.receive(
            Channels.newChannel(System.in), Path.of(arguments[0]), StreamDialect.DETECT);
      } catch (FileSystemException refusal) {
        System.out.println("FileSystemException: " + refusal.getMessage());
      }
    }
  }
}
