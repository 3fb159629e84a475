package mysqlagents.clone;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The simplest thing that is zstd: a frame with one uncompressed block.
final class ZstdFrame {
  private static final int MAGIC = 0xFD2FB528;

  /// The content's length follows in four bytes, and no window is needed.
  private static final byte DESCRIPTOR = (byte) 0xA0;

  private static final int LONGEST_BLOCK = 1 << 17;

  private ZstdFrame() {}

  static byte[] of(byte[] content) {
    if (content.length > LONGEST_BLOCK) {
      throw new IllegalArgumentException("more than one block");
    }
    // Three bytes: "the last block", its kind (0: as it is), its length.
    int block = 1 | content.length << 3;
    return ByteBuffer.allocate(12 + content.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(MAGIC)
        .put(DESCRIPTOR)
        .putInt(content.length)
        .put((byte) block)
        .put((byte) (block >> 8))
        .put((byte) (block >> 16))
        .put(content)
        .array();
  }
}
