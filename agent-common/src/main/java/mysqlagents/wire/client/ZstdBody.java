package mysqlagents.wire.client;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;

/// A body that was compressed for the wire. A frame that was cut is an error, as is anything after
/// the last frame that is not a frame.
final class ZstdBody implements ReadableByteChannel {
  private final ZstdInputStreamNoFinalizer content;
  private final byte[] buffer = new byte[1 << 17];

  ZstdBody(ReadableByteChannel compressed) throws IOException {
    content = new ZstdInputStreamNoFinalizer(Channels.newInputStream(compressed));
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int length = content.read(buffer, 0, Math.min(buffer.length, target.remaining()));
    if (length > 0) {
      target.put(buffer, 0, length);
    }
    return length;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  /// Frees the native decompressor.
  @Override
  public void close() throws IOException {
    content.close();
  }
}
