package mysqlagents.xbstream;

import java.io.IOException;
import java.nio.ByteBuffer;

/// A stretch of a file on its way into a stream, which becomes a chunk of its own.
///
/// @param progress of the file that it is a stretch of
/// @param offset in the file, in bytes
/// @param length in bytes: at most [#LENGTH] unless there is nothing but a hole
/// @param memory [#MEMORY] bytes for the chunk
record Piece(FileProgress progress, long offset, long length, ByteBuffer memory) {
  /// In bytes. A recipient writes payloads past its page cache in blocks of this size; smaller
  /// ones, or ones that do not begin at a multiple of it, would not get that far.
  static final int LENGTH = DirectBlocks.LENGTH;

  /// Longest hole that is a piece by itself, in bytes: a multiple of [#LENGTH] that fits an extent.
  static final long LONGEST_HOLE = 1L << 31;

  /// Where in the memory the payload begins; a chunk's head ends there, so that both are written in
  /// one go. The longest has 8,741 bytes.
  private static final int PAYLOAD = 12 << 10;

  /// Bytes of memory that a piece takes. There is room for the chunk that ends a member.
  static final int MEMORY = PAYLOAD + LENGTH + (4 << 10);

  private SourceFile file() {
    return progress.file();
  }

  private boolean isLast() {
    return offset + length == file().length();
  }

  /// Reads it. What remains in [#memory] then is what is to be sent.
  void read() throws IOException {
    memory.clear();
    SparseMap map = file().map(offset, offset + length);
    ByteBuffer payload = payload(map);
    int start = PAYLOAD;
    int end = PAYLOAD + payload.remaining();
    if (length > 0) {
      ByteBuffer head = head(map, payload);
      start -= head.remaining();
      memory.put(start, head, 0, head.remaining());
    }
    if (isLast()) {
      file().requireUnchanged();
      ByteBuffer mark = ChunkHead.end(file().name());
      memory.put(end, mark, 0, mark.remaining());
      end += mark.remaining();
    }
    memory.limit(end).position(start);
  }

  private ByteBuffer head(SparseMap map, ByteBuffer payload) {
    return map.dataLength() == length
        ? ChunkHead.data(file().name(), offset, payload)
        : ChunkHead.sparse(file().name(), offset, map, payload);
  }

  /// Reads all data in one go, with the holes between, and closes up the gaps then: to ask the disk
  /// for each of a thousand blocks would take many times as long.
  private ByteBuffer payload(SparseMap map) throws IOException {
    int data = Math.toIntExact(map.dataLength());
    if (data > 0) {
      if (length > LENGTH) {
        throw file().changed("a hole at its offset %d is gone".formatted(offset));
      }
      SparseMap.Extent last = map.extents().getLast();
      long lead = map.extents().getFirst().skip();
      long trail = last.length() == 0 ? last.skip() : 0;
      int span = Math.toIntExact(length - lead - trail);
      file().read(memory.slice(PAYLOAD, span), offset + lead);
      closeUp(map);
    }
    return memory.slice(PAYLOAD, data);
  }

  private void closeUp(SparseMap map) {
    int to = PAYLOAD;
    int from = PAYLOAD - (int) map.extents().getFirst().skip();
    for (SparseMap.Extent extent : map.extents()) {
      from += (int) extent.skip();
      if (from != to) {
        memory.put(to, memory, from, (int) extent.length());
      }
      from += (int) extent.length();
      to += (int) extent.length();
    }
  }
}
