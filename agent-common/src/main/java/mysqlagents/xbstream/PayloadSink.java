package mysqlagents.xbstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Writes a chunk's payload to its member: whole blocks past the page cache where that can be, the
/// rest through it.
final class PayloadSink implements ChunkReader.Sink {
  private final OpenMember member;
  private final DirectBlocks blocks;

  /// Bytes of payload that are still to come after those decided on.
  private long left;

  /// What the bytes decided on are gathered in; without one they go through the page cache.
  private @Nullable ByteBuffer block;

  /// How many of the bytes decided on are still to come.
  private int room;

  /// @param length the payload's, in bytes
  PayloadSink(OpenMember member, DirectBlocks blocks, long length) {
    this.member = member;
    this.blocks = blocks;
    this.left = length;
  }

  @Override
  public void write(ByteBuffer slice) throws IOException {
    while (slice.hasRemaining()) {
      if (room == 0) {
        decide();
      }
      int length = Math.min(room, slice.remaining());
      write(slice, length);
      slice.position(slice.position() + length);
      room -= length;
    }
  }

  private void decide() {
    room = (int) Math.min(left, DirectBlocks.LENGTH);
    left -= room;
    block = room == DirectBlocks.LENGTH ? blocks.claim(member.next()) : null;
  }

  private void write(ByteBuffer slice, int length) throws IOException {
    if (block == null) {
      member.write(slice.slice(slice.position(), length));
      return;
    }
    block.put(block.position(), slice, slice.position(), length);
    block.position(block.position() + length);
    if (!block.hasRemaining()) {
      ByteBuffer full = block.flip();
      block = null;
      member.writeBlock(full, blocks);
    }
  }
}
