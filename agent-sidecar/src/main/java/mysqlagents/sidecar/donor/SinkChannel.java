package mysqlagents.sidecar.donor;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.function.BooleanSupplier;

/// A sink for those who write into channels.
final class SinkChannel implements WritableByteChannel {
  private final Sink sink;
  private final BooleanSupplier ended;

  /// @param ended once true, every write fails
  SinkChannel(Sink sink, BooleanSupplier ended) {
    this.sink = sink;
    this.ended = ended;
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    if (ended.getAsBoolean()) {
      throw new IOException("the backup was ended");
    }
    int length = bytes.remaining();
    try {
      sink.send(bytes);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a backup was sent");
    }
    return length;
  }

  @Override
  public boolean isOpen() {
    return !ended.getAsBoolean();
  }

  /// The body is ended elsewhere, if at all.
  @Override
  public void close() {}
}
