package mysqlagents.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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

  /// The two files of the example's ConfigMap.
  void writeConfigMap() throws IOException {
    Files.createDirectories(configMap());
    Files.writeString(
        configMap().resolve("primary.cnf"),
        """
        # Applied only on the primary.
        [mysqld]
        log-bin=mysql-bin
        """);
    Files.writeString(
        configMap().resolve("replica.cnf"),
        """
        # Applied only on replicas. MariaDB has no super-read-only; "loose" lets it go on without.
        [mysqld]
        read-only
        loose-super-read-only
        """);
  }
}
