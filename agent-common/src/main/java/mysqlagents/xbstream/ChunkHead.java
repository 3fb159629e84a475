package mysqlagents.xbstream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/// What comes before a chunk's payload in a stream, ready to be written. The payloads are read, for
/// their CRC, and left as they are.
final class ChunkHead {
  private ChunkHead() {}

  /// Of the next bytes of a member.
  static ByteBuffer data(MemberName member, long offset, ByteBuffer payload) {
    CRC32 crc = new CRC32();
    crc.update(payload.duplicate());
    return common(ChunkFormat.DATA, member, ChunkFormat.DATA_LENGTH)
        .putLong(payload.remaining())
        .putLong(offset)
        .putInt((int) crc.getValue())
        .flip();
  }

  /// Of bytes with holes between them; xtrabackup's dialect. The map is part of it.
  static ByteBuffer sparse(MemberName member, long offset, SparseMap map, ByteBuffer payload) {
    ByteBuffer extents = encoded(map);
    CRC32 crc = new CRC32();
    crc.update(extents.duplicate());
    crc.update(payload.duplicate());
    return common(ChunkFormat.SPARSE, member, ChunkFormat.SPARSE_LENGTH + extents.remaining())
        .putInt(map.extents().size())
        .putLong(payload.remaining())
        .putLong(offset)
        .putInt((int) crc.getValue())
        .put(extents)
        .flip();
  }

  /// The whole chunk that ends a member.
  static ByteBuffer end(MemberName member) {
    return common(ChunkFormat.END, member, 0).flip();
  }

  private static ByteBuffer encoded(SparseMap map) {
    ByteBuffer extents = allocate(map.extents().size() * ChunkFormat.EXTENT_LENGTH);
    map.extents()
        .forEach(extent -> extents.putInt((int) extent.skip()).putInt((int) extent.length()));
    return extents.flip();
  }

  /// What all chunks begin with, with room for `more` bytes.
  private static ByteBuffer common(char type, MemberName member, int more) {
    byte[] name = member.bytes();
    return allocate(ChunkFormat.HEADER_LENGTH + name.length + more)
        .putLong(ChunkFormat.MAGIC)
        .put((byte) 0)
        .put((byte) type)
        .putInt(name.length)
        .put(name);
  }

  private static ByteBuffer allocate(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
