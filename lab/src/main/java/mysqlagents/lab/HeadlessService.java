package mysqlagents.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/// The headless Service as a hosts file: its own name leads to every pod that has been started, and
/// each pod has a name under it.
final class HeadlessService {
  private final String name;
  private final Path file;
  private final Map<String, String> addresses = new TreeMap<>();

  HeadlessService(String name, Path file) throws IOException {
    this.name = name;
    this.file = file;
    write();
  }

  synchronized void add(String pod, String address) throws IOException {
    addresses.put(pod, address);
    write();
  }

  synchronized void remove(String pod) throws IOException {
    addresses.remove(pod);
    write();
  }

  private void write() throws IOException {
    // A name that resolves in every cluster: by it the agents tell a DNS that does not answer from
    // one that knows no peers.
    StringBuilder lines = new StringBuilder("127.0.0.1 localhost kubernetes.default.svc\n");
    addresses.forEach(
        (pod, address) -> lines.append("%s %s.%s %s%n".formatted(address, pod, name, name)));
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.writeString(next, lines);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
