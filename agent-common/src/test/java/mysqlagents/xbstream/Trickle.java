package mysqlagents.xbstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/// A channel that gives a few bytes at a time, and can do something, or fail, at a given point.
final class Trickle implements ReadableByteChannel {
  private final ByteBuffer stream;
  private final int most;
  private int trigger = Integer.MAX_VALUE;
  private @Nullable Event event;

  /// What happens when so many bytes have been given.
  @FunctionalInterface
  interface Event {
    void happen() throws IOException;
  }

  /// @param most bytes at a time
  Trickle(byte[] stream, int most) {
    this.stream = ByteBuffer.wrap(stream);
    this.most = most;
  }

  void failAfter(int bytes, IOException failure) {
    after(
        bytes,
        () -> {
          throw failure;
        });
  }

  void after(int bytes, Event event) {
    this.trigger = bytes;
    this.event = event;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    Event due = event;
    if (due != null && stream.position() >= trigger) {
      event = null;
      due.happen();
    }
    if (!stream.hasRemaining()) {
      return -1;
    }
    int count = Math.min(Math.min(most, stream.remaining()), target.remaining());
    if (event != null) {
      count = Math.min(count, trigger - stream.position());
    }
    target.put(stream.slice(stream.position(), count));
    stream.position(stream.position() + count);
    return count;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {
    throw new AssertionError("a receiver does not close its channel");
  }
}
