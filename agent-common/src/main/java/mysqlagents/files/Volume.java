package mysqlagents.files;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;

/// The layout of a pod's data volume.
///
/// @param root where the whole volume is mounted
public record Volume(Path root) {
  /// To be asked for before anything is concluded from what is not there: on a volume that is not
  /// mounted nothing is.
  ///
  /// @throws AgentFailure if there is no such directory
  public void requireMounted() throws AgentFailure {
    if (!Files.isDirectory(root)) {
      throw new AgentFailure(
          ExitCode.MISCONFIGURED,
          "there is no directory %s".formatted(root),
          "mount the pod's data volume there, or set VOLUME_DIRECTORY to where it is mounted");
    }
  }

  /// mysqld's data directory: absent or whole (law 1).
  public Path data() {
    return root.resolve("mysql");
  }

  /// An incoming clone; only agent-clone makes and deletes it.
  public Path staging() {
    return root.resolve("staging");
  }

  /// Where mysqld copies its data to, for a recipient; only agent-sidecar has it do so. mysqld has
  /// to see it under the same path.
  public Path donation() {
    return root.resolve("donation");
  }

  /// The journal's directory.
  public Path agent() {
    return root.resolve("agent");
  }

  /// Whether the data directory has anything in it. Kubernetes makes an empty directory for a
  /// `subPath` mount, so an empty one counts as none.
  public boolean holdsData() throws IOException {
    if (Presence.of(data(), LinkOption.NOFOLLOW_LINKS).isEmpty()) {
      return false;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(data())) {
      return entries.iterator().hasNext();
    } catch (DirectoryIteratorException failure) {
      throw failure.getCause();
    }
  }
}
