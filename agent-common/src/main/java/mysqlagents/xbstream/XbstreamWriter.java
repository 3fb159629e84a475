package mysqlagents.xbstream;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;

/// Writes members of an xbstream. Several can be open at a time; their chunks then interleave.
///
/// What it writes, `mbstream` and `xbstream` accept too. It never closes what it writes to, and it
/// does not remember the names of members that have ended: not to repeat one is up to the caller.
public final class XbstreamWriter {
  /// Longest payload of a chunk, in bytes: the 10 MiB that the tools themselves use.
  static final int MAXIMUM_PAYLOAD = 10 << 20;

  private final WritableByteChannel out;

  /// The next offset in each member that is open.
  private final Map<MemberName, Long> offsets = new HashMap<>();

  public XbstreamWriter(WritableByteChannel out) {
    this.out = out;
  }

  public XbstreamWriter(OutputStream out) {
    this(Channels.newChannel(out));
  }

  /// Writes a whole member.
  public void member(String name, byte[] content) throws IOException {
    append(name, ByteBuffer.wrap(content));
    end(name);
  }

  /// Writes all that remains in `content` as the next bytes of a member, which begins with this if
  /// it is not open yet.
  public void append(String name, ByteBuffer content) throws IOException {
    MemberName member = new MemberName(name);
    long offset = offsets.getOrDefault(member, 0L);
    while (content.hasRemaining()) {
      ByteBuffer payload =
          content.slice(content.position(), Math.min(content.remaining(), MAXIMUM_PAYLOAD));
      content.position(content.position() + payload.remaining());
      writeData(member, offset, payload);
      offset += payload.capacity();
    }
    offsets.put(member, offset);
  }

  /// Like [#append(String, ByteBuffer)], with holes; only xtrabackup's dialect has this.
  ///
  /// @param content at most 10 MiB, exactly as many bytes as `map` has places for
  public void appendSparse(String name, SparseMap map, ByteBuffer content) throws IOException {
    if (content.remaining() != map.dataLength() || content.remaining() > MAXIMUM_PAYLOAD) {
      throw new IllegalArgumentException(
          "%d bytes for a map of %d, in a chunk of at most %d"
              .formatted(content.remaining(), map.dataLength(), MAXIMUM_PAYLOAD));
    }
    MemberName member = new MemberName(name);
    long offset = offsets.getOrDefault(member, 0L);
    writeSparse(member, offset, map, content);
    offsets.put(member, offset + map.span());
  }

  /// Ends a member; one that nothing was appended to is an empty file.
  public void end(String name) throws IOException {
    MemberName member = new MemberName(name);
    offsets.remove(member);
    write(header(ChunkFormat.END, member, 0).flip());
  }

  private void writeData(MemberName member, long offset, ByteBuffer payload) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(payload.duplicate());
    write(
        header(ChunkFormat.DATA, member, ChunkFormat.DATA_LENGTH)
            .putLong(payload.remaining())
            .putLong(offset)
            .putInt((int) crc.getValue())
            .flip());
    write(payload);
  }

  private void writeSparse(MemberName member, long offset, SparseMap map, ByteBuffer payload)
      throws IOException {
    ByteBuffer extents =
        ByteBuffer.allocate(map.extents().size() * ChunkFormat.EXTENT_LENGTH)
            .order(ByteOrder.LITTLE_ENDIAN);
    map.extents()
        .forEach(extent -> extents.putInt((int) extent.skip()).putInt((int) extent.length()));
    extents.flip();
    CRC32 crc = new CRC32();
    crc.update(extents.duplicate());
    crc.update(payload.duplicate());
    write(
        header(ChunkFormat.SPARSE, member, ChunkFormat.SPARSE_LENGTH)
            .putInt(map.extents().size())
            .putLong(payload.remaining())
            .putLong(offset)
            .putInt((int) crc.getValue())
            .flip());
    write(extents);
    write(payload);
  }

  /// A buffer that holds the common header, with room for `more` bytes.
  private static ByteBuffer header(char type, MemberName member, int more) {
    byte[] name = member.bytes();
    return ByteBuffer.allocate(ChunkFormat.HEADER_LENGTH + name.length + more)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(ChunkFormat.MAGIC)
        .put((byte) 0)
        .put((byte) type)
        .putInt(name.length)
        .put(name);
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
