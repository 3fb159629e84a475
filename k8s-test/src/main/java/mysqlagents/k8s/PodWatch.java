package mysqlagents.k8s;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// `kubectl get pods --watch`, for as long as it is open.
final class PodWatch implements AutoCloseable {
  private final Process process;
  private final Map<String, List<String>> seen = new ConcurrentHashMap<>();
  private final Thread reader;

  PodWatch(Kubectl kubectl) throws IOException {
    process = kubectl.start("get", "pods", "-l", "app=mysql", "--no-headers", "--watch");
    reader = Thread.ofVirtual().start(this::read);
  }

  /// What was seen of a pod, in order, without repetitions: `0/2 Init:1/2`.
  List<String> seen(String pod) {
    return List.copyOf(seen.getOrDefault(pod, List.of()));
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      reader.join();
    } catch (InterruptedException _) {
      throw Waiting.interrupted("the end of a watch");
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line; (line = lines.readLine()) != null; ) {
        note(PodLine.parse(line));
      }
    } catch (IOException | UncheckedIOException _) {
      // Closed while it read.
    }
  }

  private void note(PodLine line) {
    List<String> states = seen.computeIfAbsent(line.name(), _ -> new CopyOnWriteArrayList<>());
    String state = line.ready() + " " + line.status();
    if (states.isEmpty() || !states.getLast().equals(state)) {
      states.add(state);
    }
  }
}
