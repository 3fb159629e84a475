package mysqlagents.xbstream;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.HashMap;
import java.util.Map;

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
      write(ChunkHead.data(member, offset, payload));
      write(payload);
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
    write(ChunkHead.sparse(member, offset, map, content));
    write(content);
    offsets.put(member, offset + map.span());
  }

  /// Ends a member; one that nothing was appended to is an empty file.
  public void end(String name) throws IOException {
    MemberName member = new MemberName(name);
    offsets.remove(member);
    write(ChunkHead.end(member));
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
