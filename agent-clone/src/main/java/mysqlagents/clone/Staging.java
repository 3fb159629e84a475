package mysqlagents.clone;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import mysqlagents.files.Tree;
import mysqlagents.main.AgentMain;

/// The directory of an incoming clone. Whatever is found in it is ours and worth nothing: a clone
/// that was finished is not called staging any more.
final class Staging {
  private static final System.Logger LOG = System.getLogger(Staging.class.getName());

  /// In seconds. A killed process ends at once, unless the disk that it writes to hangs.
  private static final long KILL_LIMIT = 30;

  private final Path directory;

  Staging(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  /// Makes it empty and ready.
  void create() throws IOException {
    remove();
    // mysqld runs as our user; nobody else has any business in a data directory.
    Files.createDirectory(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
  }

  /// Removes it with all that is in it. Links are removed, not followed.
  void remove() throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    endOrphans();
    Tree.delete(directory);
  }

  /// Removes it after a failure: what was received is worth nothing, and the volume is somebody
  /// else's space until the next attempt. That failure is the one to be told of.
  void removeAfter(Exception failure) {
    try {
      remove();
    } catch (IOException second) {
      LOG.log(
          WARNING, () -> "cannot remove %s: %s".formatted(directory, AgentMain.withCauses(second)));
      failure.addSuppressed(second);
    }
  }

  /// Outside of a container, killing an agent-clone leaves its prepare behind, at work in this
  /// directory: it is known by where it works and by its argument.
  private void endOrphans() throws IOException {
    Path real = directory.toRealPath(LinkOption.NOFOLLOW_LINKS);
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      if (worksIn(process, real)) {
        LOG.log(
            WARNING,
            () ->
                "ended process %d, which an earlier agent-clone left at work in %s"
                    .formatted(process.pid(), directory));
        end(process);
      }
    }
  }

  private static boolean worksIn(ProcessHandle process, Path directory) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/%d/cwd".formatted(process.pid())))
              .equals(directory)
          && List.of(process.info().arguments().orElse(new String[0])).contains("--prepare");
    } catch (IOException _) {
      // It has ended, it is another user's, or there is no /proc: not one that we started.
      return false;
    }
  }

  private static void end(ProcessHandle process) throws IOException {
    process.destroyForcibly();
    try {
      process.onExit().get(KILL_LIMIT, TimeUnit.SECONDS);
    } catch (TimeoutException failure) {
      throw new IOException("process %d does not end".formatted(process.pid()), failure);
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ending process " + process.pid(), failure);
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
