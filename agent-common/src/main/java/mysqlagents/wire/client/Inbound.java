package mysqlagents.wire.client;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/// The incoming bytes of a connection: lines for what HTTP says, and bulk for what it carries.
final class Inbound {
  /// What lines and small pieces are read through. A piece that is at least as large goes straight
  /// from the socket to its target; with a donor's pieces of 64 KiB and more that is nearly all.
  private static final int CAPACITY = 1 << 16;

  private final ReadableByteChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(CAPACITY).flip();

  Inbound(ReadableByteChannel channel) {
    this.channel = channel;
  }

  /// The next byte, which remains to be read; -1 at the connection's end.
  int first() throws IOException {
    return buffer.hasRemaining() || refill() ? buffer.get(buffer.position()) & 0xFF : -1;
  }

  /// The next line without its end.
  ///
  /// @param longest in bytes; a longer one is refused
  /// @throws EOFException if the connection ends first
  String line(int longest) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      if (!buffer.hasRemaining() && !refill()) {
        throw new EOFException("the connection was cut before the end of the answer");
      }
      char character = (char) (buffer.get() & 0xFF);
      if (character == '\n') {
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r'
            ? line.substring(0, length - 1)
            : line.toString();
      }
      if (line.length() == longest) {
        throw new HttpFormatException("a line of more than %d bytes".formatted(longest));
      }
      line.append(character);
    }
  }

  /// Moves at least one byte and at most `most`.
  ///
  /// @return how many; -1 at the connection's end
  int read(ByteBuffer target, long most) throws IOException {
    int length = (int) Math.min(most, target.remaining());
    if (!buffer.hasRemaining() && length < CAPACITY && !refill()) {
      return -1;
    }
    if (buffer.hasRemaining()) {
      int part = Math.min(length, buffer.remaining());
      target.put(target.position(), buffer, buffer.position(), part);
      target.position(target.position() + part);
      buffer.position(buffer.position() + part);
      return part;
    }
    int limit = target.limit();
    try {
      return channel.read(target.limit(target.position() + length));
    } finally {
      target.limit(limit);
    }
  }

  private boolean refill() throws IOException {
    buffer.clear();
    int length = channel.read(buffer);
    buffer.flip();
    return length > 0;
  }
}
