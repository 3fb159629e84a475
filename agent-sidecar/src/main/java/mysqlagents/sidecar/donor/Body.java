package mysqlagents.sidecar.donor;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Supplier;

/// The stream's way into the response's body: as it is, or compressed.
sealed interface Body extends AutoCloseable {
  /// As much as is read from a tool and sent at a time, in bytes.
  int PIECE = 256 << 10;

  /// Sends all that remains in `bytes`.
  void send(ByteBuffer bytes) throws BackupFailedException, InterruptedException;

  /// Sends what is still held back, and goes on.
  void flush() throws BackupFailedException, InterruptedException;

  /// Sends what is still held back; the body itself is not ended.
  void finish() throws BackupFailedException, InterruptedException;

  @Override
  void close();

  /// The next bytes, [#PIECE] at most: how long the recipient takes for more would say nothing
  /// about whether it takes any.
  private static ByteBuffer next(ByteBuffer bytes) {
    ByteBuffer next = bytes.slice(bytes.position(), Math.min(bytes.remaining(), PIECE));
    bytes.position(bytes.position() + next.remaining());
    return next;
  }

  /// The bytes as they are.
  final class Plain implements Body {
    private final Recipient recipient;
    private final Supplier<Duration> stallLimit;

    /// The JDK would copy a heap buffer into a direct one at every write, and anew the rest of it
    /// after every write that was not whole. And what is not ours must not be in Jetty's hands when
    /// we give a recipient up.
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);

    Plain(Recipient recipient, Supplier<Duration> stallLimit) {
      this.recipient = recipient;
      this.stallLimit = stallLimit;
    }

    @Override
    public void send(ByteBuffer bytes) throws BackupFailedException, InterruptedException {
      while (bytes.hasRemaining()) {
        recipient.send(piece.clear().put(next(bytes)).flip(), stallLimit);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void finish() {}

    @Override
    public void close() {}
  }

  /// One zstd frame.
  final class Zstd implements Body {
    /// Level 1 makes about 225 MB/s on one core, which is what a link of 2 Gbit/s takes; higher
    /// levels gain little and halve it.
    private static final int LEVEL = 1;

    private final Recipient recipient;
    private final Supplier<Duration> stallLimit;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(LEVEL);
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    private final ByteBuffer compressed = ByteBuffer.allocateDirect(PIECE);

    Zstd(Recipient recipient, Supplier<Duration> stallLimit) {
      this.recipient = recipient;
      this.stallLimit = stallLimit;
    }

    @Override
    public void send(ByteBuffer bytes) throws BackupFailedException, InterruptedException {
      while (bytes.hasRemaining()) {
        piece.clear().put(next(bytes)).flip();
        while (piece.hasRemaining()) {
          zstd.compressDirectByteBufferStream(compressed, piece, EndDirective.CONTINUE);
          if (!compressed.hasRemaining()) {
            drain();
          }
        }
      }
    }

    @Override
    public void flush() throws BackupFailedException, InterruptedException {
      empty(EndDirective.FLUSH);
    }

    @Override
    public void finish() throws BackupFailedException, InterruptedException {
      empty(EndDirective.END);
    }

    private void empty(EndDirective how) throws BackupFailedException, InterruptedException {
      piece.clear().flip();
      boolean done;
      do {
        done = zstd.compressDirectByteBufferStream(compressed, piece, how);
        drain();
      } while (!done);
    }

    private void drain() throws BackupFailedException, InterruptedException {
      if (compressed.flip().hasRemaining()) {
        recipient.send(compressed, stallLimit);
      }
      compressed.clear();
    }

    @Override
    public void close() {
      zstd.close();
    }
  }
}
