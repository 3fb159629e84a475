package mysqlagents.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A pod: init containers one after the other, then the main containers side by side.
public final class Pod {
  private final String name;
  private final String address;
  private final Path volume;
  private final ReadinessProbe readiness;
  private final List<Container> initContainers;
  private final List<Container> mainContainers;
  private final List<Thread> runners = new ArrayList<>();
  private volatile String phase = "Pending";

  Pod(
      String name,
      String address,
      Path volume,
      ReadinessProbe readiness,
      List<Container> initContainers,
      List<Container> mainContainers) {
    this.name = name;
    this.address = address;
    this.volume = volume;
    this.readiness = readiness;
    this.initContainers = initContainers;
    this.mainContainers = mainContainers;
  }

  public String name() {
    return name;
  }

  public String address() {
    return address;
  }

  /// The directory that is its volume.
  public Path volume() {
    return volume;
  }

  /// As `kubectl get pods` shows it: `Pending`, `Init:agent-clone`, `Running`, `Terminating`.
  public String phase() {
    return phase;
  }

  /// @param container `agent-init`, `agent-clone`, `mysqld` or `agent-sidecar`
  public Container container(String container) {
    return containers()
        .filter(one -> one.name().equals(container))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("%s has no %s".formatted(name, container)));
  }

  Stream<Container> containers() {
    return Stream.concat(initContainers.stream(), mainContainers.stream());
  }

  /// Whether every main container runs and the sidecar calls the pod ready.
  public boolean isReady() {
    return phase.equals("Running")
        && mainContainers.stream().allMatch(Container::isRunning)
        && readiness.isReady();
  }

  synchronized void start() {
    run(this::initialise);
  }

  /// Stops all containers at once, as Kubernetes does.
  void stop(Duration grace) throws IOException {
    phase = "Terminating";
    List<Thread> stopping =
        containers()
            .map(container -> Thread.ofVirtual().start(() -> stop(container, grace)))
            .toList();
    List<Thread> all = new ArrayList<>(stopping);
    synchronized (this) {
      all.addAll(runners);
    }
    for (Thread thread : all) {
      join(thread);
    }
  }

  private void initialise() throws IOException {
    for (Container container : initContainers) {
      phase = "Init:" + container.name();
      if (!container.runToSuccess()) {
        return;
      }
    }
    synchronized (this) {
      if (phase.equals("Terminating")) {
        return;
      }
      phase = "Running";
      mainContainers.forEach(container -> run(container::runAlways));
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private synchronized void run(Work work) {
    runners.add(
        Thread.ofVirtual()
            .start(() -> {
              try {
                work.run();
              } catch (IOException failure) {
                fail(failure);
              }
            }));
  }

  /// The lab itself could not start a process or write a log; it shows as the pod's phase.
  private void fail(IOException failure) {
    phase = "Failed: " + failure.getMessage();
    try {
      Files.writeString(container("mysqld").log(), phase + "\n");
    } catch (IOException second) {
      failure.addSuppressed(second);
    }
  }

  private static void stop(Container container, Duration grace) {
    try {
      container.stop(grace);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void join(Thread thread) throws IOException {
    try {
      thread.join();
    } catch (InterruptedException _) {
      throw Waiting.interrupted("stopping a pod");
    }
  }
}
