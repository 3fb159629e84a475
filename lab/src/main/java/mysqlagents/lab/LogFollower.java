package mysqlagents.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Retells what happens to the pods that come up: what their init agents log, and that they are
/// ready.
final class LogFollower implements AutoCloseable {
  private static final int POLL_MILLIS = 200;
  private static final List<String> AGENTS = List.of("agent-init", "agent-clone");

  /// `2026-11-22T09:00:00.123Z INFO text`; other lines (of the backup tool) are not for the reader,
  /// nor is the list of settings that agent-clone begins with.
  private static final Pattern EVENT =
      Pattern.compile("\\S+Z (INFO|WARN|ERROR) (?!agent-clone for )(.*)");

  private final MiniatureStatefulSet set;
  private final Narrator narrator;

  /// Lines of each log that are not news.
  private final Map<Path, Integer> told = new HashMap<>();

  private final Set<String> ready = new HashSet<>();
  private final long startedAt = System.nanoTime();
  private final Thread thread;
  private volatile boolean ended;

  /// @param replicas the most pods that there will be or have been
  LogFollower(MiniatureStatefulSet set, Narrator narrator, int replicas) throws IOException {
    this.set = set;
    this.narrator = narrator;
    set.pods().forEach(pod -> ready.add(pod.name()));
    for (int ordinal = 0; ordinal < replicas; ordinal++) {
      for (String agent : AGENTS) {
        Path log = set.log(ordinal, agent);
        told.put(log, LabLog.lines(log).size());
      }
    }
    thread = Thread.ofVirtual().start(this::follow);
  }

  @Override
  public void close() throws IOException {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException _) {
      throw Waiting.interrupted("reading logs");
    }
    tellNews();
  }

  private void follow() {
    try {
      while (!ended) {
        tellNews();
        Thread.sleep(POLL_MILLIS);
      }
    } catch (IOException failure) {
      narrator.say("cannot read the logs: " + failure.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void tellNews() throws IOException {
    for (Pod pod : set.pods()) {
      for (String agent : AGENTS) {
        tellNews(pod, agent);
      }
      if (!ready.contains(pod.name()) && pod.isReady()) {
        ready.add(pod.name());
        narrator.event(
            pod.name(),
            "is ready",
            "[%s]".formatted(Narrator.seconds(System.nanoTime() - startedAt)));
      }
    }
  }

  private void tellNews(Pod pod, String agent) throws IOException {
    Path log = pod.container(agent).log();
    List<String> lines = LabLog.lines(log);
    int from = told.getOrDefault(log, 0);
    for (String line : lines.subList(Math.min(from, lines.size()), lines.size())) {
      Matcher event = EVENT.matcher(line);
      if (event.matches()) {
        String level = event.group(1).equals("INFO") ? "" : event.group(1) + " ";
        narrator.event(pod.name(), agent, level + set.asInCluster(pod.name(), event.group(2)));
      }
    }
    told.put(log, lines.size());
  }
}
