package mysqlagents.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Writes a small file so that a reader, or the next start after a crash, finds the old content or
/// the new, never a part.
public final class AtomicFile {
  private AtomicFile() {}

  /// Replaces `file` by `content`; on return it is on disk, name included.
  ///
  /// @param permissions as `ls` prints them: `rw-r-----`
  public static void write(Path file, byte[] content, String permissions) throws IOException {
    Set<PosixFilePermission> mode = PosixFilePermissions.fromString(permissions);
    Path directory = Durable.parent(file);
    // The name is fixed: what a crash leaves behind is overwritten by the next write and never
    // piles up.
    Path temporary = directory.resolve("." + file.getFileName() + ".tmp");
    Files.deleteIfExists(temporary);
    try {
      Files.createFile(
          temporary,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        Files.setPosixFilePermissions(temporary, mode);
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException second) {
        failure.addSuppressed(second);
      }
      throw FileFailure.named(temporary, failure);
    }
    Durable.directory(directory);
  }

  public static void write(Path file, String content, String permissions) throws IOException {
    write(file, content.getBytes(StandardCharsets.UTF_8), permissions);
  }

  /// Removes `file` if it exists; on return its absence is on disk.
  public static void delete(Path file) throws IOException {
    if (Files.deleteIfExists(file)) {
      Durable.directory(Durable.parent(file));
    }
  }
}
