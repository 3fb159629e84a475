package mysqlagents.xbstream;

import java.io.IOException;
import java.util.Optional;

/// Does what the chunks of one stream ask for, and judges whether they may.
final class StreamUnpacker {
  private final ChunkReader chunks;
  private final MemberFiles files;
  private final DirectBlocks blocks;
  private final WriteBack writeBack;
  private final Trailer trailer;
  private final StreamReceiver.Options limits;

  /// How many members have begun.
  private long members;

  StreamUnpacker(
      ChunkReader chunks,
      MemberFiles files,
      DirectBlocks blocks,
      WriteBack writeBack,
      Trailer trailer,
      StreamReceiver.Options limits) {
    this.chunks = chunks;
    this.files = files;
    this.blocks = blocks;
    this.writeBack = writeBack;
    this.trailer = trailer;
    this.limits = limits;
  }

  /// Unpacks the whole stream.
  void unpack() throws IOException {
    for (Optional<Chunk> next = chunks.next(); next.isPresent(); next = chunks.next()) {
      accept(next.get());
    }
    requireNoneOpen(chunks.offset(), "the stream ends");
    trailer.requireEnded(chunks.offset());
  }

  private void accept(Chunk chunk) throws IOException {
    if (trailer.concerns(chunk)) {
      trailer.requirePlain(chunk);
      requireNoneOpen(chunk.start(), "the trailer begins");
      trailer.accept(chunk, chunks);
    } else {
      trailer.refuseAfter(chunk);
      apply(chunk);
    }
  }

  private void apply(Chunk chunk) throws IOException {
    switch (chunk) {
      case Chunk.Data data -> write(data);
      case Chunk.Sparse sparse -> write(sparse);
      case Chunk.End end -> {
        openMember(end, end.rewrite()).end();
        writeBack.ended(files.end(end.member()));
      }
      case Chunk.Seek seek -> openMember(seek, false).seek(seek.offset());
      case Chunk.Rename rename -> files.rename(rename.member(), rename.target(), rename.start());
      case Chunk.Remove remove -> files.remove(remove.member(), remove.start());
    }
  }

  private void write(Chunk.Data data) throws IOException {
    OpenMember member = openMember(data, data.rewrite());
    requireNext(data, member);
    chunks.payload(new PayloadSink(member, blocks, data.length()));
    writeBack.written(member);
  }

  private void write(Chunk.Sparse sparse) throws IOException {
    OpenMember member = openMember(sparse, false);
    requireNext(sparse, member);
    SparseSink sink = new SparseSink(member, sparse.map());
    chunks.payload(sink);
    sink.finish();
    writeBack.written(member);
  }

  /// The member that `chunk` is about; it begins with this chunk unless it is open.
  ///
  /// @param rewrite whether it may have come before
  private OpenMember openMember(Chunk chunk, boolean rewrite) throws IOException {
    OpenMember member = files.find(chunk.member());
    if (member != null) {
      return member;
    }
    members++;
    requireWithinLimits(chunk);
    return rewrite
        ? files.recreate(chunk.member(), chunk.start())
        : files.create(chunk.member(), chunk.start());
  }

  private void requireWithinLimits(Chunk chunk) throws CorruptStreamException {
    if (members > limits.maximumMembers()) {
      throw new CorruptStreamException(
          chunk.start(),
          "'%s' would be member %d; the limit is %d"
              .formatted(chunk.member(), members, limits.maximumMembers()));
    }
    if (files.open().size() >= limits.maximumOpenFiles()) {
      throw new CorruptStreamException(
          chunk.start(),
          "'%s' begins while %d other members are open, which is the limit"
              .formatted(chunk.member(), files.open().size()));
    }
  }

  private static void requireNext(Chunk.Payload chunk, OpenMember member)
      throws CorruptStreamException {
    if (chunk.offset() != member.next()) {
      throw new CorruptStreamException(
          chunk.start(),
          "'%s' goes on at its offset %d; expected %d"
              .formatted(chunk.member(), chunk.offset(), member.next()));
    }
  }

  private void requireNoneOpen(long offset, String event) throws TruncatedStreamException {
    if (!files.open().isEmpty()) {
      throw new TruncatedStreamException(
          offset,
          "%s before '%s' has ended (members open: %d)"
              .formatted(event, files.open().first(), files.open().size()));
    }
  }
}
