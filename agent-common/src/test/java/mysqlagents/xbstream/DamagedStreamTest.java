package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import mysqlagents.files.Tree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Law 2 by exhaustion: no stream that lacks a byte or has a bit turned is taken for a whole one.
class DamagedStreamTest {
  private static final byte[] CONTENT = "some content".getBytes(StandardCharsets.US_ASCII);

  /// Every kind of chunk that mariadb-backup writes, in as few bytes as that takes.
  private static final byte[] MARIADB =
      new StreamBuilder()
          .data("a", 0, CONTENT)
          .data("d/b", 0, CONTENT)
          .seek("a", 3)
          .data("a", 3, CONTENT)
          .end("d/b")
          .end("a")
          .end("empty")
          .rename("a", "c")
          .remove("empty")
          .data("c", 2, 0, CONTENT)
          .end("c")
          .receipt()
          .bytes();

  private static final byte[] PERCONA =
      new StreamBuilder()
          .member("ibdata1", CONTENT)
          .sparse("p", 0, CONTENT, 4, 8, 2, 4, 9, 0)
          .data("p", 27, CONTENT)
          .end("p")
          .end("empty")
          .receipt()
          .bytes();

  @TempDir(factory = InMemory.class)
  private Path parent;

  @Test
  void theStreamsAreGoodUntilTheyAreDamaged() throws IOException {
    assertThat(whyRefused(MARIADB)).isEmpty();
    assertThat(whyRefused(PERCONA)).isEmpty();
  }

  @Test
  void aStreamCutAtAnyByteIsRefused() throws IOException {
    for (byte[] stream : new byte[][] {MARIADB, PERCONA}) {
      for (int length = 0; length < stream.length; length++) {
        assertThat(whyRefused(Arrays.copyOf(stream, length)))
            .as("cut after %d of %d bytes", length, stream.length)
            .contains("the stream ends");
      }
    }
  }

  @Test
  void aStreamWithAnyBitFlippedIsRefused() throws IOException {
    for (byte[] stream : new byte[][] {MARIADB, PERCONA}) {
      for (int bit = 0; bit < stream.length * 8; bit++) {
        byte[] damaged = stream.clone();
        damaged[bit / 8] ^= (byte) (1 << (bit % 8));
        if (whyRefused(damaged).isEmpty()) {
          fail("bit %d of byte %d of %d", bit % 8, bit / 8, stream.length);
        }
      }
    }
  }

  @Test
  void aStreamThatLacksAWholeChunkIsRefused() throws IOException {
    byte[] receipt =
        StreamBuilder.receiptOf(
            new StreamBuilder().member("a", CONTENT).member("b", CONTENT).bytes());
    byte[] stream =
        new StreamBuilder().member("a", CONTENT).member(StreamBuilder.TRAILER, receipt).bytes();
    assertThat(whyRefused(stream)).contains("but the receipt says");
  }

  /// The message of the refusal; empty where the stream is accepted.
  private String whyRefused(byte[] stream) throws IOException {
    Path directory = Files.createDirectory(parent.resolve("staging"));
    try {
      Recipient.receiveAndVerify(stream, directory);
      return "";
    } catch (IOException refusal) {
      return String.valueOf(refusal.getMessage());
    } finally {
      Tree.delete(directory);
    }
  }
}
