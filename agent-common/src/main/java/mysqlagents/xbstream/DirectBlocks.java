package mysqlagents.xbstream;

import static java.lang.System.Logger.Level.DEBUG;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// Blocks of memory that go to the disk past the page cache (`O_DIRECT`), on a thread of their own.
///
/// Through the page cache every byte is copied once more and every page allocated first, which took
/// more of a clone's time than all the rest: `dd` wrote 0.5 to 0.9 GB/s through it and 1.8 GB/s
/// past it where docs/decisions/0008 measured it. Nor does a clone drive out what a neighbour has
/// cached.
///
/// The stream never waits for a block, for behind it a server may hold its locks: while all are on
/// their way, what arrives goes through the page cache.
final class DirectBlocks implements Closeable {
  /// In bytes. Smaller ones cost more calls; larger ones would rarely be filled, for a tool's
  /// chunks have at most 10 MiB.
  static final int LENGTH = 1 << 20;

  /// One is filled while the others are written.
  private static final int COUNT = 4;

  /// The largest unit of a file system that blocks are laid out for; the usual one is 4 KiB.
  private static final int LARGEST_UNIT = 1 << 16;

  private static final System.Logger LOG = System.getLogger(DirectBlocks.class.getName());

  private final BlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(COUNT);
  private final long unit;
  private volatile boolean off;
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("xbstream-direct").factory());

  private DirectBlocks(long unit, int count) {
    this.unit = unit;
    for (int i = 0; i < count; i++) {
      ByteBuffer memory = ByteBuffer.allocateDirect(LENGTH + (int) unit);
      free.add(memory.alignedSlice((int) unit).limit(LENGTH));
    }
  }

  /// Blocks for files below `directory`; none if its file system does not say what it needs.
  static DirectBlocks forFilesIn(Path directory) throws IOException {
    long unit;
    try {
      unit = Files.getFileStore(directory).getBlockSize();
    } catch (UnsupportedOperationException _) {
      return none();
    }
    return unit < 1 || unit > LARGEST_UNIT || LENGTH % unit != 0
        ? none()
        : new DirectBlocks(unit, COUNT);
  }

  /// No blocks: everything goes through the page cache.
  static DirectBlocks none() {
    return new DirectBlocks(1, 0);
  }

  /// A block to fill and then to write or to give back, unless there is none free or `offset` is no
  /// place for one.
  @Nullable ByteBuffer claim(long offset) {
    return off || offset % unit != 0 ? null : free.poll();
  }

  void giveBack(ByteBuffer block) {
    free.add(block.clear().limit(LENGTH));
  }

  /// Takes all blocks out of use, for the file system does not let files be opened so.
  void switchOff(Exception refusal) {
    LOG.log(DEBUG, () -> "writing through the page cache: " + refusal);
    off = true;
  }

  /// Runs `write`, which gives its block back.
  void execute(Runnable write) {
    executor.execute(write);
  }

  /// Returns when nothing is being written any more.
  @Override
  public void close() {
    executor.close();
  }
}
