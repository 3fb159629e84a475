package mysqlagents.xbstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// The member that ends a stream and that becomes no file: gathered in memory, and strict, because
/// no digest covers it.
final class Trailer {
  /// In bytes. A receipt has a few hundred.
  private static final int LIMIT = 64 << 10;

  private final MemberName name;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private boolean begun;
  private boolean ended;
  private long start;
  private long digestState;

  Trailer(MemberName name) {
    this.name = name;
  }

  /// Whether `chunk` belongs to the trailer, or has to do with its name.
  boolean concerns(Chunk chunk) {
    return isOurs(chunk.member())
        || (chunk instanceof Chunk.Rename rename && isOurs(rename.target()));
  }

  private boolean isOurs(MemberName member) {
    return member.equals(name) || member.text().startsWith(name.text() + "/");
  }

  /// Refuses chunks of other members once the trailer has begun.
  void refuseAfter(Chunk chunk) throws CorruptStreamException {
    if (begun) {
      throw new CorruptStreamException(
          chunk.start(),
          "a chunk of '%s' after the trailer '%s', which must be the last member"
              .formatted(chunk.member(), name));
    }
  }

  /// Refuses what may not come under the trailer's name.
  void requirePlain(Chunk chunk) throws CorruptStreamException {
    boolean plain =
        switch (chunk) {
          case Chunk.Data data -> data.flags() == 0;
          case Chunk.End end -> end.flags() == 0;
          case Chunk.Sparse _, Chunk.Seek _, Chunk.Rename _, Chunk.Remove _ -> false;
        };
    if (!plain || !chunk.member().equals(name)) {
      throw new CorruptStreamException(
          chunk.start(),
          "the name '%s' is the trailer's; only plain payloads and an end may come under it"
              .formatted(name));
    }
  }

  /// Takes the trailer's next chunk, the one that `reader` read last.
  void accept(Chunk chunk, ChunkReader reader) throws IOException {
    if (ended) {
      throw new CorruptStreamException(
          chunk.start(), "a chunk of the trailer '%s' after its end".formatted(name));
    }
    if (!begun) {
      begun = true;
      start = chunk.start();
      digestState = reader.digestAtChunkStart();
    }
    if (chunk instanceof Chunk.Data data) {
      append(data, reader);
    } else {
      ended = true;
    }
  }

  private void append(Chunk.Data data, ChunkReader reader) throws IOException {
    if (data.offset() != content.size()) {
      throw new CorruptStreamException(
          data.start(),
          "the trailer '%s' goes on at its offset %d; expected %d"
              .formatted(name, data.offset(), content.size()));
    }
    if (data.length() > LIMIT - content.size()) {
      throw new CorruptStreamException(
          data.start(), "the trailer '%s' is longer than %d bytes".formatted(name, LIMIT));
    }
    reader.payload(slice -> {
      byte[] bytes = new byte[slice.remaining()];
      slice.get(bytes);
      content.write(bytes);
    });
  }

  /// @param length of the stream
  void requireEnded(long length) throws TruncatedStreamException {
    if (!ended) {
      throw new TruncatedStreamException(
          length,
          "the stream ends %s '%s': the donor did not confirm that its backup is complete"
              .formatted(begun ? "inside the trailer" : "without the trailer", name));
    }
  }

  byte[] content() {
    return content.toByteArray();
  }

  /// How many bytes of stream come before the trailer.
  long start() {
    return start;
  }

  /// The digest of the bytes before the trailer.
  String digest() {
    return StreamDigest.text(digestState);
  }
}
