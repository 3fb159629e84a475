package mysqlagents.xbstream;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A file that blocks are written to past the page cache, by the thread of [DirectBlocks].
final class DirectFile implements Closeable {
  /// By its name, for the compiler warns of all that the module jdk.unsupported exports.
  private static final String OPTIONS = "com.sun.nio.file.ExtendedOpenOption";

  private final FileChannel direct;
  private final FileChannel cached;
  private int underway;

  /// The first one. The blocks after it are not written any more.
  private @Nullable IOException failure;

  private DirectFile(FileChannel direct, FileChannel cached) {
    this.direct = direct;
    this.cached = cached;
  }

  /// @param path of a file that exists
  /// @param cached the same file, through the page cache
  /// @throws IOException or UnsupportedOperationException if the file system does not let files be
  ///   opened so
  static DirectFile open(Path path, FileChannel cached) throws IOException {
    return new DirectFile(
        FileChannel.open(path, StandardOpenOption.WRITE, option(), LinkOption.NOFOLLOW_LINKS),
        cached);
  }

  private static OpenOption option() {
    try {
      return Stream.of(Class.forName(OPTIONS).getEnumConstants())
          .filter(option -> option.toString().equals("DIRECT"))
          .map(OpenOption.class::cast)
          .findFirst()
          .orElseThrow(() -> new UnsupportedOperationException("no option DIRECT"));
    } catch (ClassNotFoundException _) {
      throw new UnsupportedOperationException("the module jdk.unsupported is missing");
    }
  }

  /// Has `block` written at `offset`, sooner or later, and given back to `blocks` then.
  ///
  /// @throws IOException if an earlier block could not be written
  void write(ByteBuffer block, long offset, DirectBlocks blocks) throws IOException {
    begin();
    ByteBuffer bytes = block.slice();
    blocks.execute(() -> {
      // Unless it is set to something better: nobody may wait for ever.
      IOException refusal = new IOException("the writing thread has failed");
      try {
        refusal = write(bytes, offset);
      } finally {
        ended(refusal);
        blocks.giveBack(block);
      }
    });
  }

  private synchronized void begin() throws IOException {
    rethrow();
    underway++;
  }

  private @Nullable IOException write(ByteBuffer bytes, long offset) {
    try {
      writeAll(direct, bytes, offset);
      return null;
    } catch (IOException refusal) {
      return writeCached(bytes, offset + bytes.position(), refusal);
    }
  }

  /// A file system may refuse a write that it let be prepared, and a disk may be full in the middle
  /// of a block. This way succeeds, or fails for the reason that counts.
  private @Nullable IOException writeCached(ByteBuffer bytes, long offset, IOException refusal) {
    try {
      writeAll(cached, bytes, offset);
      return null;
    } catch (IOException failure) {
      failure.addSuppressed(refusal);
      return failure;
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes, long offset)
      throws IOException {
    for (long at = offset; bytes.hasRemaining(); ) {
      at += channel.write(bytes, at);
    }
  }

  private synchronized void ended(@Nullable IOException refusal) {
    if (failure == null) {
      failure = refusal;
    }
    underway--;
    notifyAll();
  }

  /// Waits until no block is on its way any more.
  ///
  /// @throws IOException if one of them could not be written
  synchronized void await() throws IOException {
    try {
      while (underway > 0) {
        wait();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a file was being written");
    }
    rethrow();
  }

  private void rethrow() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() throws IOException {
    direct.close();
  }
}
