package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import mysqlagents.files.Tree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Thousands of streams that are almost right. The same ones in each run: a failure names the seed.
class MutatedStreamTest {
  private static final int FOR_THE_READER = 50_000;
  private static final int FOR_THE_RECEIVER = 3_000;

  private static final long[] TELLING_NUMBERS = {
    0, 1, -1, 511, 512, 65_536, 65_537, Integer.MAX_VALUE, 1L << 31, 1L << 32, 1L << 62, 1L << 63
  };

  @TempDir(factory = InMemory.class)
  private Path parent;

  @Test
  void theReaderReadsOrRefuses() throws IOException, URISyntaxException {
    List<byte[]> corpus = corpus();
    int accepted = 0;
    for (int seed = 0; seed < FOR_THE_READER; seed++) {
      byte[] stream = mutate(corpus, new Random(seed));
      try {
        accepted += read(stream) == stream.length ? 1 : 0;
      } catch (CorruptStreamException refusal) {
        assertThat(refusal.offset()).as("seed %d", seed).isBetween(0L, (long) stream.length);
      } catch (RuntimeException | IOException bug) {
        throw new AssertionError("seed " + seed, bug);
      }
    }
    // Both ends of the judgement are reached.
    assertThat(accepted).isBetween(FOR_THE_READER / 100, FOR_THE_READER / 2);
  }

  @Test
  void theReceiverStaysInItsDirectoryAndLeavesNothingOpen() throws IOException, URISyntaxException {
    List<byte[]> corpus = corpus();
    int accepted = 0;
    for (int seed = 0; seed < FOR_THE_RECEIVER; seed++) {
      byte[] stream = mutate(corpus, new Random(seed));
      Path directory = Files.createDirectory(parent.resolve("staging"));
      try {
        ReceivedStream received = Recipient.receive(stream, directory);
        assertThat(Recipient.contents(directory).keySet())
            .as("seed %d", seed)
            .isEqualTo(received.members());
        accepted++;
      } catch (CorruptStreamException | FileSystemException _) {
        // The two ways to be refused: by us, and by the disk (a name that is too long for it).
      } catch (RuntimeException | IOException bug) {
        throw new AssertionError("seed " + seed, bug);
      }
      Tree.delete(directory);
      assertThat(parent).as("seed %d", seed).isEmptyDirectory();
    }
    Leftovers.assertNone(parent);
    assertThat(accepted).isPositive();
  }

  static long read(byte[] stream) throws IOException {
    ChunkReader reader =
        new ChunkReader(
            Channels.newChannel(new ByteArrayInputStream(stream)), StreamDialect.DETECT, 600);
    for (Optional<Chunk> next = reader.next(); next.isPresent(); next = reader.next()) {
      if (next.get() instanceof Chunk.Payload) {
        reader.payload(_ -> {});
      }
    }
    return reader.offset();
  }

  /// The samples, each with a trailer too, and some random streams of mariadb-backup's kind.
  static List<byte[]> corpus() throws IOException, URISyntaxException {
    List<byte[]> corpus = new ArrayList<>();
    try (var samples = Files.list(Path.of(MutatedStreamTest.class.getResource("edge").toURI()))) {
      for (Path sample : samples.sorted().toList()) {
        byte[] stream = Files.readAllBytes(sample);
        corpus.add(stream);
        corpus.add(new StreamBuilder().raw(stream).receipt().bytes());
      }
    }
    for (int seed = 0; seed < 20; seed++) {
      corpus.add(new MariadbModel(new Random(seed)).write(8).receipt().bytes());
    }
    return corpus;
  }

  private static byte[] mutate(List<byte[]> corpus, Random random) {
    byte[] stream = RoundTripTest.pick(random, corpus).clone();
    for (int change = random.nextInt(4); change >= 0 && stream.length > 0; change--) {
      int at = random.nextInt(stream.length);
      switch (random.nextInt(6)) {
        case 0 -> stream[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> stream[at] = (byte) "PESRD\0/.*".charAt(random.nextInt(9));
        case 2 -> stream = Arrays.copyOf(stream, at);
        case 3 -> putNumber(stream, at, random);
        case 4 -> stream = spliced(stream, at, new byte[0], random.nextInt(30));
        default -> {
          byte[] other = RoundTripTest.pick(random, corpus);
          int from = random.nextInt(other.length + 1);
          byte[] part =
              Arrays.copyOfRange(other, from, from + random.nextInt(other.length - from + 1));
          stream = spliced(stream, at, part, 0);
        }
      }
    }
    return stream;
  }

  private static void putNumber(byte[] stream, int at, Random random) {
    byte[] number =
        ByteBuffer.allocate(8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(TELLING_NUMBERS[random.nextInt(TELLING_NUMBERS.length)])
            .array();
    int length = Math.min(random.nextBoolean() ? 4 : 8, stream.length - at);
    System.arraycopy(number, 0, stream, at, length);
  }

  private static byte[] spliced(byte[] stream, int at, byte[] insert, int drop) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(stream, 0, at);
    out.writeBytes(insert);
    int rest = Math.min(stream.length, at + drop);
    out.write(stream, rest, stream.length - rest);
    return out.toByteArray();
  }
}
