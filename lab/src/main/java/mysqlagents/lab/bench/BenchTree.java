package mysqlagents.lab.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/// Files as a copied data directory has them: most bytes in some large tables, most files small
/// ones.
///
/// @param directory that they lie in
/// @param log for what the programs print
record BenchTree(Path directory, Path log) {
  /// The share of the bytes that is in small files: one part of so many.
  private static final int SMALL_SHARE = 16;

  /// InnoDB's smallest table: 7 pages of 16 KiB.
  private static final long SMALL = 112 << 10;

  private static final int LARGE_FILES = 4;

  static BenchTree create(Path root, long size) throws IOException {
    BenchTree tree =
        new BenchTree(Files.createDirectory(root.resolve("data")), root.resolve("log"));
    ByteBuffer block = ByteBuffer.allocateDirect(1 << 20);
    byte[] bytes = new byte[block.capacity()];
    new Random(1).nextBytes(bytes);
    block.put(bytes);
    long small = size / SMALL_SHARE / SMALL;
    for (long file = 0; file < small; file++) {
      write(tree.directory.resolve("small" + file), SMALL, block);
    }
    for (int file = 0; file < LARGE_FILES; file++) {
      write(tree.directory.resolve("large" + file), (size - small * SMALL) / LARGE_FILES, block);
    }
    tree.bash("sync");
    QuietDisk.await();
    return tree;
  }

  private static void write(Path file, long length, ByteBuffer block) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long left = length; left > 0; ) {
        left -= channel.write(block.slice(0, (int) Math.min(left, block.capacity())));
      }
    }
  }

  /// Brings the files into memory, or out of it.
  void prepare(boolean cold) throws IOException {
    // dd has a flag for posix_fadvise(2), which drops what a file has in memory.
    bash(
        cold
            ? "find . -type f -exec dd if={} iflag=nocache count=0 status=none \\;"
            : "find . -type f -exec cat {} + >/dev/null");
  }

  /// Runs a script in the directory to its end.
  ///
  /// @return the seconds it took
  double bash(String script) throws IOException {
    return Bash.run("set -eo pipefail; cd '%s'; %s".formatted(directory, script), log);
  }
}
