package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Members so large that they go to the disk in blocks, past the page cache.
@Timeout(120)
final class DirectBlocksTest {
  private static final int CHUNK = 10 << 20;

  @TempDir private Path directory;

  private final Random random = new Random(7);

  @Test
  void theFileSystemOfThisTestTakesBlocks() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    try (DirectBlocks blocks = DirectBlocks.forFilesIn(directory);
        FileChannel cached = FileChannel.open(file, StandardOpenOption.WRITE);
        DirectFile direct = DirectFile.open(file, cached)) {
      ByteBuffer block = claim(blocks);
      byte[] content = RoundTripTest.bytes(random, DirectBlocks.LENGTH);
      direct.write(block.put(content).flip(), 0, blocks);
      direct.await();
      assertThat(Files.readAllBytes(file)).isEqualTo(content);
    }
  }

  private static ByteBuffer claim(DirectBlocks blocks) {
    return Objects.requireNonNull(blocks.claim(0), "no block is free");
  }

  @Test
  void membersOfAllLengthsAndChunksAreWhole() throws Exception {
    int unit = DirectBlocks.LENGTH;
    int[][] shapes = {
      {CHUNK, CHUNK, 12_345},
      {unit},
      {unit - 1},
      {unit + 1},
      // After an odd chunk nothing lies where a block may begin, until another mends it.
      {4_095, 3 * unit, 1, 2 * unit},
      {16_384, 2 * unit, CHUNK + 16_384},
      {0, unit, 0, unit}
    };
    StreamBuilder stream = new StreamBuilder();
    byte[][] contents = new byte[shapes.length][];
    for (int member = 0; member < shapes.length; member++) {
      contents[member] = append(stream, "d/t" + member, shapes[member]);
    }
    Recipient.receive(
        new Trickle(stream.receipt().bytes(), 1 << 17), directory, StreamDialect.DETECT);
    for (int member = 0; member < shapes.length; member++) {
      assertThat(Files.readAllBytes(directory.resolve("d/t" + member)))
          .as("member %d", member)
          .isEqualTo(contents[member]);
    }
  }

  private byte[] append(StreamBuilder stream, String name, int... chunks) {
    ByteBuffer content = ByteBuffer.allocate(Arrays.stream(chunks).sum());
    for (int length : chunks) {
      byte[] bytes = RoundTripTest.bytes(random, length);
      stream.data(name, content.position(), bytes);
      content.put(bytes);
    }
    stream.end(name);
    return content.array();
  }

  @Test
  void interleavedMembersAreWhole() throws Exception {
    byte[][] contents = {
      RoundTripTest.bytes(random, 4 * CHUNK / 2), RoundTripTest.bytes(random, 4 * CHUNK / 2)
    };
    StreamBuilder stream = new StreamBuilder();
    for (int at = 0; at < 2 * CHUNK; at += CHUNK / 2) {
      for (int member = 0; member < 2; member++) {
        byte[] part = Arrays.copyOfRange(contents[member], at, at + CHUNK / 2);
        stream.data("t" + member, at, part);
      }
    }
    byte[] whole = stream.end("t0").end("t1").receipt().bytes();
    Recipient.receive(new Trickle(whole, 1 << 20), directory, StreamDialect.DETECT);
    assertThat(Files.readAllBytes(directory.resolve("t0"))).isEqualTo(contents[0]);
    assertThat(Files.readAllBytes(directory.resolve("t1"))).isEqualTo(contents[1]);
  }

  @Test
  void aStreamThatIsCutInABlockLeavesNoThreadBehind() throws Exception {
    StreamBuilder stream = new StreamBuilder();
    append(stream, "t", CHUNK, CHUNK);
    byte[] whole = stream.receipt().bytes();
    byte[] cut = Arrays.copyOf(whole, whole.length - CHUNK + 100);
    assertThatThrownBy(
            () -> Recipient.receive(new Trickle(cut, 1 << 20), directory, StreamDialect.DETECT))
        .isInstanceOf(TruncatedStreamException.class);
    Leftovers.assertNoThread("xbstream-direct");
  }

  @Test
  void whatTheDirectWayRefusesGoesThroughThePageCache() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    Path other = Files.createFile(directory.resolve("other"));
    byte[] content = RoundTripTest.bytes(random, DirectBlocks.LENGTH);
    try (DirectBlocks blocks = DirectBlocks.forFilesIn(directory);
        FileChannel cached = FileChannel.open(file, StandardOpenOption.WRITE)) {
      DirectFile direct = DirectFile.open(other, cached);
      direct.close();
      ByteBuffer block = claim(blocks);
      direct.write(block.put(content).flip(), 0, blocks);
      direct.await();
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
    assertThat(other).isEmptyFile();
  }

  @Test
  void whatNoWayTakesIsAFailureThatStays() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    FileChannel cached = FileChannel.open(file, StandardOpenOption.WRITE);
    DirectFile direct = DirectFile.open(file, cached);
    cached.close();
    direct.close();
    try (DirectBlocks blocks = DirectBlocks.forFilesIn(directory)) {
      direct.write(claim(blocks), 0, blocks);
      assertThatThrownBy(direct::await).isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(() -> direct.write(claim(blocks), 0, blocks))
          .isInstanceOf(ClosedChannelException.class);
    }
  }
}
