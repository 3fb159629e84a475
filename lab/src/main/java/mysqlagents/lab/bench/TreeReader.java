package mysqlagents.lab.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Locale;
import mysqlagents.xbstream.TreeStream;

/// One way to read all files of a directory.
enum TreeReader {
  /// The floor: nobody is told where one file ends.
  CAT {
    @Override
    double read(BenchTree tree) throws IOException {
      return tree.bash("find . -type f -exec cat {} + >/dev/null");
    }
  },

  /// What a shell script would send. Without the pipe tar would notice that nobody reads, and not
  /// read itself.
  TAR {
    @Override
    double read(BenchTree tree) throws IOException {
      return tree.bash("tar -cf - . | cat >/dev/null");
    }
  },

  /// Ours, in this process: with all CRCs, and thrown away as the others' output is.
  STREAM {
    @Override
    double read(BenchTree tree) throws IOException, InterruptedException {
      long start = System.nanoTime();
      try (TreeStream stream = new TreeStream(tree.directory(), READERS, MEMORY)) {
        stream.writeTo(new Nowhere());
      }
      return (System.nanoTime() - start) / 1e9;
    }
  };

  /// As many, and as much in bytes, as agent-sidecar's donations are read with.
  private static final int READERS = 2;

  private static final long MEMORY = 8 << 20;

  /// @return the seconds it took
  abstract double read(BenchTree tree) throws IOException, InterruptedException;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Takes everything.
  private static final class Nowhere implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) {
      int count = bytes.remaining();
      bytes.position(bytes.limit());
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
