package mysqlagents.sidecar.donor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.zip.CRC32;
import mysqlagents.files.Tree;
import mysqlagents.settings.PodName;

/// The sidecar's own directory for what a running backup needs: private, outside of the data volume
/// (it holds a password for a moment), and one for each pod and volume.
public final class ScratchHome implements AutoCloseable {
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /// Only what is called so is ever removed.
  private static final String SCRATCH_PREFIX = "backup-";

  private final Path directory;

  private ScratchHome(Path directory) {
    this.directory = directory;
  }

  /// Makes the directory unless it is there, and removes what a sidecar that was killed left in it.
  ///
  /// @param temporary where temporary files go on this machine
  /// @param volume tells pods of the same name apart that share a machine
  /// @throws IOException also if the directory belongs to somebody else
  public static ScratchHome open(Path temporary, PodName pod, Path volume) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(volume.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8));
    Path directory = temporary.resolve("mysql-agents-%s-%08x".formatted(pod, crc.getValue()));
    try {
      Files.createDirectory(directory, PRIVATE);
    } catch (FileAlreadyExistsException _) {
      requireOwn(directory);
    }
    ScratchHome home = new ScratchHome(directory);
    home.removeLeftovers();
    return home;
  }

  /// The name can be foretold: whoever made it before us must not be able to read our password.
  private static void requireOwn(Path directory) throws IOException {
    boolean own =
        Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
            && Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    if (!own) {
      throw new IOException(
          directory + " is not a directory of ours; remove it, or have java.io.tmpdir elsewhere");
    }
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
  }

  private void removeLeftovers() throws IOException {
    try (DirectoryStream<Path> leftovers =
        Files.newDirectoryStream(directory, SCRATCH_PREFIX + "*")) {
      for (Path leftover : leftovers) {
        Tree.delete(leftover);
      }
    }
  }

  /// @param options the content of the option file
  Scratch create(String backupId, String options) throws IOException {
    Path scratch = Files.createDirectory(directory.resolve(SCRATCH_PREFIX + backupId), PRIVATE);
    return Scratch.fill(scratch, options);
  }

  /// Removes the directory, unless there is something of a stranger in it.
  @Override
  public void close() throws IOException {
    try {
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException _) {
      // The next start finds it as it is.
    }
  }
}
