package mysqlagents.xbstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Reads a stream chunk by chunk, through one buffer, and hands payloads over as slices of it.
///
/// Whatever does not follow the format is a [CorruptStreamException]; no length that the stream
/// claims is ever allocated. What members the chunks may be about, and in which order, is not
/// judged here.
final class ChunkReader {
  /// 1 MiB was the best of the sizes measured; smaller ones cost a third of the throughput.
  private static final int BUFFER_LENGTH = 1 << 20;

  /// Most extents in a sparse map. xtrabackup writes one for each run of file system blocks in 10
  /// MiB, so at most 20,480 with the smallest block there is (512 bytes).
  private static final int MAXIMUM_EXTENTS = 1 << 17;

  /// Bytes that follow the name in an `S` chunk and tell the dialects apart; see [#isSeek].
  private static final int DIALECT_EVIDENCE = 16;

  private final ReadableByteChannel in;
  private final ByteBuffer buffer;

  private final StreamDigest digest = new StreamDigest();
  private final CRC32 payloadCrc = new CRC32();
  private StreamDialect dialect;

  /// The offset in the stream of the buffer's first byte.
  private long base;

  /// The index in the buffer up to which bytes have gone into the digest.
  private int digested;

  private boolean ended;
  private volatile long received;

  /// The offset in the stream where the chunk read last begins, and the digest's state there.
  private long chunkStart;

  private long digestAtChunkStart;

  /// The chunk whose payload has not been handed over yet, and the CRC-32 that it must have.
  private Chunk.@Nullable Payload pending;

  private int expectedCrc;

  /// @param in is read until its end, and must block; it is not closed
  ChunkReader(ReadableByteChannel in, StreamDialect dialect) {
    this(in, dialect, BUFFER_LENGTH);
  }

  /// @param bufferLength in bytes; at least as long as the longest part that is read in one go, a
  ///   name
  ChunkReader(ReadableByteChannel in, StreamDialect dialect, int bufferLength) {
    this.in = in;
    this.dialect = dialect;
    this.buffer = ByteBuffer.allocateDirect(bufferLength).order(ByteOrder.LITTLE_ENDIAN).flip();
  }

  /// Takes slices of a payload as they arrive.
  @FunctionalInterface
  interface Sink {
    /// Uses all that remains in `slice`, which is the reader's own buffer and valid only during the
    /// call.
    void write(ByteBuffer slice) throws IOException;
  }

  /// How many bytes have come out of the channel so far. For any thread.
  long received() {
    return received;
  }

  /// The offset in the stream after all that has been consumed.
  long offset() {
    return base + buffer.position();
  }

  /// The [StreamDigest#state] of all bytes before the chunk read last.
  long digestAtChunkStart() {
    return digestAtChunkStart;
  }

  /// The next chunk, or nothing where the stream ends between two chunks. The payload of the one
  /// before must have been taken.
  Optional<Chunk> next() throws IOException {
    if (pending != null) {
      throw new IllegalStateException("the payload of " + pending + " has not been taken");
    }
    digestConsumed();
    chunkStart = offset();
    digestAtChunkStart = digest.state();
    return fill(1) ? Optional.of(chunk()) : Optional.empty();
  }

  /// Hands the payload of the chunk read last to `sink`, then checks its CRC.
  void payload(Sink sink) throws IOException {
    Chunk.Payload chunk = pending;
    if (chunk == null) {
      throw new IllegalStateException("no payload is waiting");
    }
    for (long left = chunk.length(); left > 0; ) {
      if (!fill(1)) {
        throw truncated(
            "inside the payload of '%s': %d more bytes were to come"
                .formatted(chunk.member(), left));
      }
      int length = (int) Math.min(left, buffer.remaining());
      ByteBuffer slice = buffer.slice(buffer.position(), length);
      payloadCrc.update(slice);
      sink.write(slice.rewind());
      buffer.position(buffer.position() + length);
      left -= length;
    }
    pending = null;
    if ((int) payloadCrc.getValue() != expectedCrc) {
      throw corrupt(
          "the payload of '%s' at its offset %d has the CRC-32 %08x; its chunk says %08x"
              .formatted(chunk.member(), chunk.offset(), (int) payloadCrc.getValue(), expectedCrc));
    }
  }

  private Chunk chunk() throws IOException {
    need(ChunkFormat.HEADER_LENGTH, "a chunk's header");
    long magic = buffer.getLong();
    if (magic != ChunkFormat.MAGIC) {
      throw corrupt(
          "expected the start of a chunk (%016x), found %016x"
              .formatted(Long.reverseBytes(ChunkFormat.MAGIC), Long.reverseBytes(magic)));
    }
    int flags = Byte.toUnsignedInt(buffer.get());
    int type = Byte.toUnsignedInt(buffer.get());
    MemberName member = name();
    return switch (type) {
      case ChunkFormat.DATA -> data(member, flags);
      case ChunkFormat.END -> new Chunk.End(chunkStart, member, flags, isRewrite(flags));
      case ChunkFormat.SPARSE -> isSeek(member) ? seek(member) : sparse(member);
      case ChunkFormat.RENAME -> rename(member);
      case ChunkFormat.REMOVE -> {
        requireMariadb("a remove (D)", member);
        yield new Chunk.Remove(chunkStart, member);
      }
      // Also where the chunk's flags call it ignorable: its length cannot be known.
      default ->
          throw corrupt("'%s' has a chunk of the unknown type 0x%02x".formatted(member, type));
    };
  }

  private MemberName name() throws IOException {
    int length = buffer.getInt();
    if (length < 1 || length > MemberName.MAXIMUM_BYTES) {
      throw corrupt(
          "a name's length is %d; expected 1 to %d"
              .formatted(Integer.toUnsignedLong(length), MemberName.MAXIMUM_BYTES));
    }
    need(length, "a chunk's name");
    byte[] bytes = new byte[length];
    buffer.get(bytes);
    try {
      return MemberName.decode(bytes);
    } catch (IllegalArgumentException refusal) {
      throw corrupt(String.valueOf(refusal.getMessage()));
    }
  }

  private Chunk data(MemberName member, int flags) throws IOException {
    need(ChunkFormat.DATA_LENGTH, "the header of a payload");
    long length = size("payload length", member);
    long offset = size("offset", member);
    expectedCrc = buffer.getInt();
    payloadCrc.reset();
    return begin(new Chunk.Data(chunkStart, member, flags, isRewrite(flags), offset, length));
  }

  private Chunk sparse(MemberName member) throws IOException {
    need(ChunkFormat.SPARSE_LENGTH, "the header of a sparse payload");
    int extents = buffer.getInt();
    if (extents < 0 || extents > MAXIMUM_EXTENTS) {
      throw corrupt(
          "the sparse map of '%s' has %d extents; expected at most %d"
              .formatted(member, Integer.toUnsignedLong(extents), MAXIMUM_EXTENTS));
    }
    long length = size("payload length", member);
    long offset = size("offset", member);
    expectedCrc = buffer.getInt();
    payloadCrc.reset();
    SparseMap map = map(extents);
    if (map.dataLength() != length) {
      throw corrupt(
          "the sparse map of '%s' has places for %d bytes, but the payload has %d"
              .formatted(member, map.dataLength(), length));
    }
    return begin(new Chunk.Sparse(chunkStart, member, offset, length, map));
  }

  private SparseMap map(int count) throws IOException {
    List<SparseMap.Extent> extents = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      need(ChunkFormat.EXTENT_LENGTH, "a sparse map");
      payloadCrc.update(buffer.slice(buffer.position(), ChunkFormat.EXTENT_LENGTH));
      long skip = Integer.toUnsignedLong(buffer.getInt());
      long length = Integer.toUnsignedLong(buffer.getInt());
      extents.add(new SparseMap.Extent(skip, length));
    }
    return new SparseMap(extents);
  }

  private Chunk begin(Chunk.Payload chunk) throws CorruptStreamException {
    if (chunk.end() < 0) {
      throw corrupt(
          "'%s' would reach beyond 2^63 bytes: its chunk of %d bytes begins at %d"
              .formatted(chunk.member(), chunk.length(), chunk.offset()));
    }
    pending = chunk;
    return chunk;
  }

  private Chunk seek(MemberName member) throws IOException {
    need(Long.BYTES, "a seek's offset");
    return new Chunk.Seek(chunkStart, member, size("offset", member));
  }

  private Chunk rename(MemberName member) throws IOException {
    requireMariadb("a rename (R)", member);
    need(Integer.BYTES, "the length of a rename's new name");
    return new Chunk.Rename(chunkStart, member, name());
  }

  /// Reads a number that the format has as unsigned, and that no file can have above 2^63.
  private long size(String what, MemberName member) throws CorruptStreamException {
    long value = buffer.getLong();
    if (value < 0) {
      throw corrupt(
          "a chunk of '%s' has the %s %s, which no file has"
              .formatted(member, what, Long.toUnsignedString(value)));
    }
    return value;
  }

  private boolean isRewrite(int flags) {
    if (dialect == StreamDialect.PERCONA || (flags & ChunkFormat.REWRITE) == 0) {
      return false;
    }
    dialect = StreamDialect.MARIADB;
    return true;
  }

  private void requireMariadb(String what, MemberName member) throws CorruptStreamException {
    if (dialect == StreamDialect.PERCONA) {
      throw corrupt("%s of '%s', which xtrabackup does not write".formatted(what, member));
    }
    dialect = StreamDialect.MARIADB;
  }

  /// Whether an `S` chunk is mariadb-backup's. Where the dialect is not known, what follows its
  /// eight bytes tells: the magic of the next chunk. A sparse chunk has the upper half of its
  /// payload's length there, which would have to be beyond 2^62.
  private boolean isSeek(MemberName member) throws IOException {
    if (dialect == StreamDialect.DETECT) {
      boolean enough = fill(DIALECT_EVIDENCE);
      if (!enough && buffer.remaining() != Long.BYTES) {
        throw truncated("inside an S chunk of '%s'".formatted(member));
      }
      boolean seek = !enough || buffer.getLong(buffer.position() + Long.BYTES) == ChunkFormat.MAGIC;
      dialect = seek ? StreamDialect.MARIADB : StreamDialect.PERCONA;
    }
    return dialect == StreamDialect.MARIADB;
  }

  private void need(int length, String what) throws IOException {
    if (!fill(length)) {
      throw truncated(
          "inside %s: expected %d more bytes, got %d".formatted(what, length, buffer.remaining()));
    }
  }

  /// Reads until `length` bytes are in the buffer, and says whether so many came.
  private boolean fill(int length) throws IOException {
    if (buffer.remaining() >= length) {
      return true;
    }
    digestConsumed();
    base += buffer.position();
    buffer.compact();
    digested = 0;
    try {
      while (buffer.position() < length && !ended) {
        read();
      }
    } finally {
      buffer.flip();
    }
    return buffer.remaining() >= length;
  }

  private void read() throws IOException {
    int count = in.read(buffer);
    ended = count < 0;
    received = base + buffer.position();
  }

  /// Brings the digest up to the bytes consumed; done rarely, because it is cheap only in bulk.
  private void digestConsumed() {
    digest.update(buffer.slice(digested, buffer.position() - digested));
    digested = buffer.position();
  }

  private CorruptStreamException corrupt(String problem) {
    return new CorruptStreamException(chunkStart, problem);
  }

  private TruncatedStreamException truncated(String where) {
    return new TruncatedStreamException(base + buffer.limit(), "the stream ends " + where);
  }
}
