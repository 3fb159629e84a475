package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import mysqlagents.files.Tree;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class TreeStreamTest {
  private static final int MEBIBYTE = 1 << 20;

  @TempDir private Path disk;

  /// For trees of thousands of files.
  @TempDir(factory = InMemory.class)
  private Path memory;

  private final Random random = new Random(1);
  private Path donor = Path.of("");
  private Path recipient = Path.of("");

  @BeforeEach
  void makeDirectories() throws IOException {
    makeDirectoriesIn(disk);
  }

  private void makeDirectoriesIn(Path parent) throws IOException {
    donor = Files.createDirectory(parent.resolve("donor"));
    recipient = Files.createDirectory(parent.resolve("recipient"));
  }

  @AfterEach
  void leavesNothingBehind() {
    Leftovers.assertNone(disk);
    Leftovers.assertNone(memory);
  }

  @Test
  void whatItWritesTheReceiverUnpacks() throws Exception {
    for (int seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      makeDirectoriesIn(memory);
      RandomTree.make(random, donor);
      int readers = 1 + random.nextInt(6);
      long memory = Piece.MEMORY * (1 + random.nextLong(10));
      String which = "seed %d, %d readers, %d bytes".formatted(seed, readers, memory);
      try (TreeStream stream = new TreeStream(donor, readers, memory)) {
        receive(bytes(stream));
        assertSame(which);
        assertThat(stream.directories()).as(which).hasSameElementsAs(directories()).isSorted();
        assertThat(stream.fileBytes()).as(which).isEqualTo(lengths());
      }
      Tree.delete(donor);
      Tree.delete(recipient);
    }
  }

  @Test
  void manySmallFilesAreWhole() throws Exception {
    makeDirectoriesIn(memory);
    for (int file = 0; file < 3_000; file++) {
      Files.writeString(donor.resolve("f" + file), "content of " + file);
    }
    receive(bytes());
    assertSame("");
  }

  @Test
  void aPageCompressedTableStaysAsSmallAsItIs() throws Exception {
    long[] pages = LongStream.range(0, 500).map(page -> page * 16_384).toArray();
    OnDisk.write(donor.resolve("t.ibd"), 500 * 16_384, 4_096, random, pages);
    byte[] stream = bytes();
    assertThat(stream.length).isBetween(500 * 4_096, 500 * 4_096 + 10_000);
    receive(stream);
    assertSame("");
    assertThat(OnDisk.kibibytes(recipient.resolve("t.ibd"))).isLessThan(500 * 4 + 100);
  }

  @Test
  void aHoleOfTebibytesIsSkipped() throws Exception {
    long place = 5_000_000_000_123L;
    OnDisk.write(donor.resolve("a"), 2 * place, 5, random, place);
    byte[] stream = bytes();
    assertThat(stream.length).isLessThan(500_000);
    receive(stream);
    Path received = recipient.resolve("a");
    assertThat(Files.size(received)).isEqualTo(2 * place);
    assertThat(OnDisk.kibibytes(received)).isLessThan(100);
    assertThat(at(received, place - 1)).isEqualTo(at(donor.resolve("a"), place - 1));
  }

  private static ByteBuffer at(Path file, long offset) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer bytes = ByteBuffer.allocate(7);
      channel.read(bytes, offset);
      return bytes.flip();
    }
  }

  @Test
  void whatHasNoHolesIsPlainChunksOfAMebibyte() throws Exception {
    byte[] content = RoundTripTest.bytes(random, MEBIBYTE + 5);
    Files.write(donor.resolve("a"), content);
    assertThat(bytes())
        .isEqualTo(
            new StreamBuilder()
                .data("a", 0, Arrays.copyOf(content, MEBIBYTE))
                .data("a", MEBIBYTE, Arrays.copyOfRange(content, MEBIBYTE, MEBIBYTE + 5))
                .end("a")
                .bytes());
  }

  @Test
  void holesAreSparseChunks() throws Exception {
    Path file = donor.resolve("a");
    OnDisk.write(file, 262_144, 4_096, random, 65_536, 131_072);
    byte[] content = Files.readAllBytes(file);
    byte[] payload = new byte[8_192];
    System.arraycopy(content, 65_536, payload, 0, 4_096);
    System.arraycopy(content, 131_072, payload, 4_096, 4_096);
    assertThat(bytes())
        .isEqualTo(
            new StreamBuilder()
                .sparse("a", 0, payload, 65_536, 4_096, 61_440, 4_096, 126_976, 0)
                .end("a")
                .bytes());
  }

  @Test
  void namesAsLongAsTheyGoFitBesideTheMostHoles() throws Exception {
    String longest = ("d".repeat(99) + "/").repeat(5) + "0123456789a";
    Path file = donor.resolve(longest);
    Files.createDirectories(file.resolveSibling(""));
    long[] everyOther = LongStream.range(0, 512).map(block -> block * 8_192).toArray();
    OnDisk.write(file, 512 * 8_192, 4_096, random, everyOther);
    receive(bytes());
    assertSame("");
  }

  @Test
  void anEmptyDirectoryIsAnEmptyStream() throws Exception {
    assertThat(bytes()).isEmpty();
  }

  @Test
  void needsAReaderAndMemoryForAPiece() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TreeStream(donor, 3, Piece.MEMORY - 1))
        .withMessage("3 readers and 1064959 bytes; expected at least 1 and 1064960");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TreeStream(donor, 0, Piece.MEMORY))
        .withMessage("0 readers and 1064960 bytes; expected at least 1 and 1064960");
  }

  private byte[] bytes() throws IOException, InterruptedException {
    try (TreeStream stream = new TreeStream(donor, 3, 8 << 20)) {
      return bytes(stream);
    }
  }

  private static byte[] bytes(TreeStream stream) throws IOException, InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    stream.writeTo(Channels.newChannel(out));
    return out.toByteArray();
  }

  private void receive(byte[] stream) throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(stream);
    new XbstreamWriter(whole).member(StreamBuilder.TRAILER, StreamBuilder.receiptOf(stream));
    Recipient.receiveAndVerify(whole.toByteArray(), recipient);
  }

  /// Compares names, contents, and what the disk has allocated.
  private void assertSame(String which) throws IOException {
    List<String> sent = files(donor);
    assertThat(files(recipient)).as(which).isEqualTo(sent);
    for (String name : sent) {
      assertThat(Files.mismatch(donor.resolve(name), recipient.resolve(name)))
          .as(which + ", " + name)
          .isEqualTo(-1);
    }
    // For the block that a file which ends in a hole gets, and for what directories take.
    long slack = 8L * (1 + sent.size());
    assertThat(OnDisk.kibibytes(recipient))
        .as(which)
        .isLessThanOrEqualTo(OnDisk.kibibytes(donor) + slack);
  }

  private static List<String> files(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(Files::isRegularFile)
          .map(path -> root.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  private List<String> directories() throws IOException {
    try (Stream<Path> paths = Files.walk(donor)) {
      return paths
          .filter(path -> Files.isDirectory(path) && !path.equals(donor))
          .map(path -> donor.relativize(path).toString())
          .toList();
    }
  }

  private long lengths() throws IOException {
    long sum = 0;
    for (String name : files(donor)) {
      sum += Files.size(donor.resolve(name));
    }
    return sum;
  }
}
