package mysqlagents.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mysqlagents.files.AtomicFile;
import mysqlagents.files.Tree;
import mysqlagents.testbed.LoopbackNet;
import mysqlagents.testbed.MariaDbServer;

/// The server that is cloned, and a scratch directory beside it.
record Donor(MariaDbServer server, LoopbackNet net, Path root) {
  static Donor of(MariaDbServer server, LoopbackNet net, Path root) throws IOException {
    Donor donor = new Donor(server, net, root);
    AtomicFile.write(donor.passwordFile(), server.rootPassword(), "rw-------");
    AtomicFile.write(
        donor.optionFile(),
        "[client]\npassword='%s'\n".formatted(server.rootPassword()),
        "rw-------");
    return donor;
  }

  /// The volume that the server's data directory lies in.
  Path volume() {
    return server.dataDirectory().resolveSibling("");
  }

  /// The server's root password, for the sidecar.
  Path passwordFile() {
    return root.resolve("password");
  }

  /// The backup command that all ways have in common, for a shell. The password is in the option
  /// file.
  String backupCommand() {
    return "mariadb-backup --defaults-file=%s --backup --stream=xbstream --user=root --host=%s --port=%d --target-dir=%s"
        .formatted(optionFile(), server.address(), server.port(), scratch());
  }

  /// An empty directory for a copy; the one before is deleted.
  Path emptyCopy() throws IOException {
    Path copy = root.resolve("copy");
    Tree.delete(copy);
    return Files.createDirectory(copy);
  }

  /// Runs a bash script to its end.
  ///
  /// @return the seconds it took
  double bash(String script) throws IOException {
    return Bash.run(script, root.resolve("bash.log"));
  }

  /// A directory for the agents' temporary files.
  Path temporary() throws IOException {
    return Files.createDirectories(root.resolve("tmp"));
  }

  /// Lets the disk come to rest, so that nobody pays for another's writes.
  void settle() throws IOException {
    bash("sync");
    QuietDisk.await();
  }

  private Path optionFile() {
    return root.resolve("client.cnf");
  }

  private Path scratch() {
    return root.resolve("scratch");
  }
}
