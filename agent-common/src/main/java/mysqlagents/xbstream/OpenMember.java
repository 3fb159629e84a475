package mysqlagents.xbstream;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import mysqlagents.files.FileFailure;
import org.jspecify.annotations.Nullable;

/// A member that is being written: its file, and how far it has come.
final class OpenMember implements Closeable {
  private static final Set<OpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  /// What the process's umask leaves of it.
  private static final FileAttribute<?> MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));

  private final Path path;
  private final FileChannel channel;

  /// Where the next payload goes.
  private long next;

  /// The file's length on disk.
  private long length;

  /// Where the last of the holes ends that belong to the member even if no data follows.
  private long reach;

  /// Bytes written through the page cache since the last fsync was asked for.
  private long unsynced;

  /// The same file, past the page cache; there from the first block on.
  private @Nullable DirectFile direct;

  private OpenMember(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /// Makes the file, which must not exist.
  static OpenMember create(Path path) throws IOException {
    return new OpenMember(path, FileChannel.open(path, OPTIONS, MODE));
  }

  /// The offset that the next payload must have.
  long next() {
    return next;
  }

  /// Bytes written through the page cache since [#markSynced].
  long unsynced() {
    return unsynced;
  }

  /// Whether blocks went past the page cache.
  boolean hasBlocks() {
    return direct != null;
  }

  void markSynced() {
    unsynced = 0;
  }

  /// Writes all that remains in `bytes` at [#next].
  void write(ByteBuffer bytes) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        int count = channel.write(bytes, next);
        next += count;
        unsynced += count;
      }
      length = Math.max(length, next);
    } catch (IOException failure) {
      throw FileFailure.named(path, failure);
    }
  }

  /// Writes a block at [#next], sooner or later, and gives it back to `blocks` then.
  void writeBlock(ByteBuffer block, DirectBlocks blocks) throws IOException {
    DirectFile file = directFile(blocks);
    if (file == null) {
      write(block);
      return;
    }
    try {
      file.write(block, next, blocks);
    } catch (IOException earlierFailure) {
      throw FileFailure.named(path, earlierFailure);
    }
    next += block.remaining();
    length = Math.max(length, next);
  }

  private @Nullable DirectFile directFile(DirectBlocks blocks) {
    if (direct == null) {
      try {
        direct = DirectFile.open(path, channel);
      } catch (IOException | UnsupportedOperationException refusal) {
        // Not of the file, which is open: the next write through the page cache will show.
        blocks.switchOff(refusal);
      }
    }
    return direct;
  }

  /// Goes on at `offset`; what lies between it and the file's end becomes a hole if something is
  /// written there.
  void seek(long offset) {
    next = offset;
  }

  /// Goes on `length` bytes further on. What is passed over belongs to the member also where
  /// nothing comes after it.
  void skip(long length) {
    next += length;
    reach = Math.max(reach, next);
  }

  /// Makes the file as long as the member is, which may end in a hole.
  void end() throws IOException {
    if (length < reach) {
      // Its last byte; a channel has no other means to move a file's end outwards.
      next = reach - 1;
      write(ByteBuffer.allocate(1));
    }
  }

  /// Returns once what has been written is on disk. For any thread.
  void sync() throws IOException {
    try {
      if (direct != null) {
        direct.await();
      }
      channel.force(false);
    } catch (IOException failure) {
      throw FileFailure.named(path, failure);
    }
  }

  /// Waits for the blocks that are on their way.
  @Override
  public void close() throws IOException {
    try (channel;
        DirectFile _ = direct) {
      if (direct != null) {
        direct.await();
      }
    } catch (IOException failure) {
      throw FileFailure.named(path, failure);
    }
  }
}
