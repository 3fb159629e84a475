package mysqlagents.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// Reads the containers' log files, which are small and still being written to.
final class LabLog {
  private LabLog() {}

  /// Bytes that are not UTF-8 (a server may quote data) become replacement characters.
  static List<String> lines(Path log) throws IOException {
    try {
      return new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
    } catch (NoSuchFileException _) {
      return List.of();
    }
  }

  static String tail(Path log, int lines) throws IOException {
    List<String> all = lines(log);
    return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
  }
}
