package mysqlagents.xbstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;

/// Spreads a sparse chunk's payload over the member's file.
final class SparseSink implements ChunkReader.Sink {
  private final OpenMember member;
  private final Iterator<SparseMap.Extent> extents;

  /// Bytes that the current extent still takes.
  private long room;

  SparseSink(OpenMember member, SparseMap map) {
    this.member = member;
    this.extents = map.extents().iterator();
  }

  /// `slice` has no more bytes than the map has places: [ChunkReader] has compared the two.
  @Override
  public void write(ByteBuffer slice) throws IOException {
    while (slice.hasRemaining()) {
      while (room == 0) {
        begin(extents.next());
      }
      int length = (int) Math.min(room, slice.remaining());
      member.write(slice.slice(slice.position(), length));
      slice.position(slice.position() + length);
      room -= length;
    }
  }

  /// Applies the extents after the last byte of payload: holes.
  void finish() {
    while (extents.hasNext()) {
      begin(extents.next());
    }
  }

  private void begin(SparseMap.Extent extent) {
    if (extent.skip() > 0) {
      member.skip(extent.skip());
    }
    room = extent.length();
  }
}
