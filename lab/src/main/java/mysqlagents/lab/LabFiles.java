package mysqlagents.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Where a lab keeps what.
///
/// @param root short, for the servers' sockets lie in it and their paths may have 107 bytes
/// @param logs a file for each container of each pod
record LabFiles(Path root, Path logs) {
  Path configMap() {
    return root.resolve("config-map");
  }

  Path secrets() {
    return root.resolve("secrets");
  }

  /// Stands in for the cluster's DNS.
  Path hosts() {
    return root.resolve("hosts");
  }

  /// A pod's volume; it outlives the pod, as a PersistentVolumeClaim does.
  Path volume(String pod) {
    return root.resolve("volumes").resolve("data-" + pod);
  }

  /// A pod's `emptyDir` volume with mysqld's configuration.
  Path confD(String pod) {
    return root.resolve("pods").resolve(pod).resolve("conf.d");
  }

  /// What a pod's containers keep outside of volumes.
  Path scratch(String pod) {
    return root.resolve("pods").resolve(pod).resolve("run");
  }

  Path log(String pod, String container) {
    return logs.resolve(pod).resolve(container + ".log");
  }

  Path terminationMessage(String pod, String container) {
    return scratch(pod).resolve(container + ".termination");
  }

  /// Mounts the ConfigMap that a cluster would be given.
  void mount(ConfigMap map) throws IOException {
    Files.createDirectories(configMap());
    for (Map.Entry<String, String> file : map.files().entrySet()) {
      Files.writeString(configMap().resolve(file.getKey()), file.getValue());
    }
  }
}
