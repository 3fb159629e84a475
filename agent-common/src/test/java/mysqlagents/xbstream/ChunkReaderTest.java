package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkReaderTest {
  private static final byte[] HELLO = {'h', 'e', 'l', 'l', 'o'};

  private static final MemberName A = new MemberName("a");

  @Test
  void readsEveryKindOfChunkThatMariadbBackupWrites() throws IOException {
    byte[] stream =
        new StreamBuilder()
            .data("a", 0, HELLO)
            .seek("a", 2)
            .data("a", 2, 2, HELLO)
            .end("a")
            .rename("a", "d/b")
            .remove("t#P#*")
            .bytes();
    assertThat(chunks(stream, StreamDialect.MARIADB))
        .containsExactly(
            new Chunk.Data(0, A, 0, false, 0, 5),
            new Chunk.Seek(40, A, 2),
            new Chunk.Data(63, A, 2, true, 2, 5),
            new Chunk.End(103, A, 0, false),
            new Chunk.Rename(118, A, new MemberName("d/b")),
            new Chunk.Remove(140, new MemberName("t#P#*")));
  }

  @Test
  void readsEveryKindOfChunkThatXtrabackupWrites() throws IOException {
    byte[] stream =
        new StreamBuilder().sparse("a", 0, HELLO, 7, 5, 9, 0).data("a", 21, HELLO).end("a").bytes();
    assertThat(chunks(stream, StreamDialect.PERCONA))
        .containsExactly(
            new Chunk.Sparse(
                0,
                A,
                0,
                5,
                new SparseMap(List.of(new SparseMap.Extent(7, 5), new SparseMap.Extent(9, 0)))),
            new Chunk.Data(60, A, 0, false, 21, 5),
            new Chunk.End(100, A, 0, false));
  }

  @Test
  void endsAtOnceWhereNothingComes() throws IOException {
    assertThat(chunks(new byte[0], StreamDialect.DETECT)).isEmpty();
  }

  @Test
  void takesFlagsThatItDoesNotKnow() throws IOException {
    byte[] stream = new StreamBuilder().data("a", 0xFD, 0, HELLO).end("a", 0x01).bytes();
    assertThat(chunks(stream, StreamDialect.DETECT))
        .containsExactly(new Chunk.Data(0, A, 0xFD, false, 0, 5), new Chunk.End(40, A, 1, false));
  }

  @Test
  void handsOverPayloadsThatAreLargerThanItsBuffer() throws IOException {
    byte[] content = new byte[3_000_000];
    new Random(1).nextBytes(content);
    byte[] stream = new StreamBuilder().member("a", content).bytes();
    for (int bufferLength : new int[] {511, 4_000, 1 << 20}) {
      ChunkReader reader = new ChunkReader(channel(stream), StreamDialect.DETECT, bufferLength);
      assertThat(reader.next()).isPresent();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      reader.payload(slice -> {
        assertThat(slice.remaining()).isBetween(1, bufferLength);
        byte[] bytes = new byte[slice.remaining()];
        slice.get(bytes);
        out.writeBytes(bytes);
      });
      assertThat(out.toByteArray()).isEqualTo(content);
      assertThat(reader.next()).contains(new Chunk.End(stream.length - 15, A, 0, false));
      assertThat(reader.next()).isEmpty();
      assertThat(reader.offset()).isEqualTo(stream.length);
      assertThat(reader.received()).isEqualTo(stream.length);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100})
  void doesNotMindHowTheBytesTrickleIn(int most) throws IOException {
    byte[] stream =
        new StreamBuilder()
            .data("a", 0, HELLO)
            .seek("a", 2)
            .data("a", 2, HELLO)
            .end("a")
            .rename("a", "b")
            .bytes();
    assertThat(chunks(new ChunkReader(new Trickle(stream, most), StreamDialect.DETECT)))
        .isEqualTo(chunks(stream, StreamDialect.MARIADB));
  }

  @Test
  void knowsTheDigestOfAllBytesBeforeEachChunk() throws IOException {
    byte[] stream =
        new StreamBuilder().data("a", 0, new byte[5_000]).end("a").member("b", HELLO).bytes();
    ChunkReader reader = new ChunkReader(channel(stream), StreamDialect.DETECT, 600);
    int seen = 0;
    for (Optional<Chunk> next = reader.next(); next.isPresent(); next = reader.next()) {
      StreamDigest before = new StreamDigest();
      before.update(stream, 0, (int) next.get().start());
      assertThat(reader.digestAtChunkStart()).isEqualTo(before.state());
      take(next.get(), reader);
      seen++;
    }
    assertThat(seen).isEqualTo(4);
  }

  @Test
  void guessesTheDialectFromTheFirstChunkThatOnlyOneOfThemHas() throws IOException {
    byte[] seek = new StreamBuilder().data("a", 0, HELLO).seek("a", 2).end("a").bytes();
    byte[] sparse = new StreamBuilder().sparse("a", 0, HELLO, 1, 5).end("a").bytes();
    assertThat(chunks(seek, StreamDialect.DETECT).get(1)).isInstanceOf(Chunk.Seek.class);
    assertThat(chunks(sparse, StreamDialect.DETECT).getFirst()).isInstanceOf(Chunk.Sparse.class);
  }

  @Test
  void guessesASeekAtTheVeryEnd() throws IOException {
    byte[] stream = new StreamBuilder().seek("a", 2).bytes();
    assertThat(chunks(stream, StreamDialect.DETECT)).containsExactly(new Chunk.Seek(0, A, 2));
  }

  @Test
  void keepsToTheDialectThatItGuessed() {
    StreamBuilder mariadb = new StreamBuilder().remove("x").sparse("a", 0, HELLO, 1, 5).end("a");
    assertRefused(mariadb, StreamDialect.DETECT, "expected the start of a chunk");
    StreamBuilder rewrite = new StreamBuilder().data("a", 2, 0, HELLO).sparse("b", 0, HELLO, 1, 5);
    assertRefused(rewrite, StreamDialect.DETECT, "expected the start of a chunk");
    StreamBuilder percona = new StreamBuilder().sparse("a", 0, HELLO, 1, 5).end("a").remove("a");
    assertRefused(percona, StreamDialect.DETECT, "a remove (D) of 'a', which xtrabackup does not");
  }

  @Test
  void refusesTheChunksOfTheOtherDialect() {
    assertRefused(
        new StreamBuilder().rename("a", "b"),
        StreamDialect.PERCONA,
        "at byte 0 of the stream: a rename (R) of 'a', which xtrabackup does not write");
    assertRefused(
        new StreamBuilder().sparse("a", 0, HELLO, 1, 5).end("a"),
        StreamDialect.MARIADB,
        "expected the start of a chunk");
    assertRefused(
        new StreamBuilder().seek("a", 0).member("b", HELLO),
        StreamDialect.PERCONA,
        "the sparse map of 'a' has places for");
  }

  @Test
  void doesNotKnowRewriteInTheDialectOfXtrabackup() throws IOException {
    byte[] stream = new StreamBuilder().data("a", 2, 0, HELLO).bytes();
    assertThat(chunks(stream, StreamDialect.PERCONA))
        .containsExactly(new Chunk.Data(0, A, 2, false, 0, 5));
  }

  @Test
  void saysWhereItExpectedAChunkAndWhatItFound() {
    assertRefused(
        new StreamBuilder()
            .member("a", HELLO)
            .raw("0123456789abcdef".getBytes(StandardCharsets.US_ASCII)),
        StreamDialect.DETECT,
        "at byte 55 of the stream: expected the start of a chunk (58425354434b3031), found"
            + " 3031323334353637");
  }

  @ParameterizedTest
  @EnumSource(StreamDialect.class)
  void refusesUnknownTypesEvenIfIgnorable(StreamDialect dialect) {
    for (int flags : new int[] {0, 1}) {
      assertRefused(
          new StreamBuilder().header(flags, 'Z', "u").raw(new byte[100]),
          dialect,
          "at byte 0 of the stream: 'u' has a chunk of the unknown type 0x5a");
    }
  }

  @Test
  void refusesNamesBeforeItReadsThem() {
    for (int length : new int[] {0, 512, 0x7FFF_FFFF, -1}) {
      byte[] header = new StreamBuilder().header(0, 'P', "").bytes();
      ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putInt(10, length);
      assertRefused(
          new StreamBuilder().raw(header),
          StreamDialect.DETECT,
          "a name's length is %d; expected 1 to 511".formatted(Integer.toUnsignedLong(length)));
    }
  }

  @Test
  void refusesNamesThatAreNotUtf8() {
    assertRefused(
        new StreamBuilder().header(0, 'E', new byte[] {'a', (byte) 0xFF}),
        StreamDialect.DETECT,
        "at byte 0 of the stream: the name 'a\\u00ff' is not UTF-8");
  }

  @Test
  void refusesNewNamesLikeOldOnes() {
    assertRefused(
        new StreamBuilder().rename("a", "../b"), StreamDialect.DETECT, "has '..' for a part");
    assertRefused(
        new StreamBuilder().rename("a", ""), StreamDialect.DETECT, "a name's length is 0");
    assertRefused(
        new StreamBuilder().rename("a", "x".repeat(512)),
        StreamDialect.DETECT,
        "a name's length is 512");
  }

  @Test
  void refusesNumbersThatNoFileReaches() {
    assertRefused(
        new StreamBuilder().dataHeader("a", 1L << 63, 0, 0),
        StreamDialect.DETECT,
        "a chunk of 'a' has the payload length 9223372036854775808, which no file has");
    assertRefused(
        new StreamBuilder().dataHeader("a", 1, -1, 0),
        StreamDialect.DETECT,
        "the offset 18446744073709551615");
    assertRefused(
        new StreamBuilder().dataHeader("a", 1L << 62, 1L << 62, 0),
        StreamDialect.DETECT,
        "'a' would reach beyond 2^63 bytes");
    assertRefused(
        new StreamBuilder().sparse("a", Long.MAX_VALUE - 5, HELLO, 1, 5),
        StreamDialect.PERCONA,
        "'a' would reach beyond 2^63 bytes");
    assertRefused(
        new StreamBuilder().seek("a", -1), StreamDialect.MARIADB, "the offset 184467440737");
  }

  @Test
  void doesNotAllocateWhatALengthClaims() {
    assertRefused(
        new StreamBuilder().dataHeader("a", 1L << 62, 0, 0).raw(HELLO),
        StreamDialect.DETECT,
        "inside the payload of 'a': 4611686018427387899 more bytes were to come");
    assertRefused(
        new StreamBuilder().sparseHeader("a", 1 << 17, 1, 0, 0).raw(new byte[80]),
        StreamDialect.PERCONA,
        "inside a sparse map: expected 8 more bytes, got 0");
    assertRefused(
        new StreamBuilder().sparseHeader("a", (1 << 17) + 1, 1, 0, 0),
        StreamDialect.PERCONA,
        "the sparse map of 'a' has 131073 extents; expected at most 131072");
    assertRefused(
        new StreamBuilder().sparseHeader("a", -1, 1, 0, 0),
        StreamDialect.PERCONA,
        "has 4294967295 extents");
  }

  @Test
  void refusesAMapThatDoesNotFitThePayload() {
    assertRefused(
        new StreamBuilder().sparse("a", 0, HELLO, 1, 4),
        StreamDialect.PERCONA,
        "the sparse map of 'a' has places for 4 bytes, but the payload has 5");
  }

  @Test
  void checksTheCrcOfPayloadAndMap() {
    assertRefused(
        new StreamBuilder().dataHeader("a", 5, 0, 1).raw(HELLO),
        StreamDialect.DETECT,
        "at byte 0 of the stream: the payload of 'a' at its offset 0 has the CRC-32 3610a686; its"
            + " chunk says 00000001");
    byte[] sparse = new StreamBuilder().sparse("a", 0, HELLO, 1, 5).bytes();
    sparse[sparse.length - 5 - 8] ^= 2; // the hole's length
    assertRefused(new StreamBuilder().raw(sparse), StreamDialect.PERCONA, "has the CRC-32");
  }

  @Test
  void callsEveryEndInsideOfAChunkATruncation() throws IOException {
    byte[] stream =
        new StreamBuilder().data("a", 0, HELLO).seek("a", 1).end("a").rename("a", "b").bytes();
    List<Long> boundaries = new ArrayList<>();
    chunks(stream, StreamDialect.DETECT).forEach(chunk -> boundaries.add(chunk.start()));
    for (int length = 1; length < stream.length; length++) {
      if (!boundaries.contains((long) length)) {
        byte[] cut = Arrays.copyOf(stream, length);
        assertThatThrownBy(() -> chunks(cut, StreamDialect.DETECT))
            .isInstanceOf(TruncatedStreamException.class)
            .hasMessageStartingWith("at byte %d of the stream: the stream ends inside", length);
      }
    }
  }

  @Test
  void saysHowMuchIsMissing() {
    assertThatThrownBy(() -> chunks(new byte[] {'X', 'B', 'S'}, StreamDialect.DETECT))
        .isInstanceOf(TruncatedStreamException.class)
        .hasMessage(
            "at byte 3 of the stream: the stream ends inside a chunk's header: expected 14 more"
                + " bytes, got 3")
        .extracting(failure -> ((CorruptStreamException) failure).offset())
        .isEqualTo(3L);
  }

  @Test
  void passesOnWhatTheChannelThrows() {
    Trickle broken = new Trickle(new StreamBuilder().member("a", HELLO).bytes(), 30);
    broken.failAfter(40, new IOException("reset"));
    assertThatThrownBy(() -> chunks(new ChunkReader(broken, StreamDialect.DETECT)))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("reset");
  }

  @Test
  void insistsThatPayloadsAreTaken() throws IOException {
    ChunkReader reader =
        new ChunkReader(
            channel(new StreamBuilder().member("a", HELLO).bytes()), StreamDialect.DETECT);
    assertThatIllegalStateException().isThrownBy(() -> reader.payload(_ -> {}));
    assertThat(reader.next()).isPresent();
    assertThatIllegalStateException().isThrownBy(reader::next);
  }

  private static void assertRefused(StreamBuilder stream, StreamDialect dialect, String message) {
    assertThatThrownBy(() -> chunks(stream.bytes(), dialect))
        .isInstanceOf(CorruptStreamException.class)
        .hasMessageContaining(message);
  }

  private static List<Chunk> chunks(byte[] stream, StreamDialect dialect) throws IOException {
    return chunks(new ChunkReader(channel(stream), dialect));
  }

  private static List<Chunk> chunks(ChunkReader reader) throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    for (Optional<Chunk> next = reader.next(); next.isPresent(); next = reader.next()) {
      chunks.add(next.get());
      take(next.get(), reader);
    }
    return chunks;
  }

  private static void take(Chunk chunk, ChunkReader reader) throws IOException {
    if (chunk instanceof Chunk.Payload) {
      reader.payload(_ -> {});
    }
  }

  private static ReadableByteChannel channel(byte[] stream) {
    return Channels.newChannel(new ByteArrayInputStream(stream));
  }
}
