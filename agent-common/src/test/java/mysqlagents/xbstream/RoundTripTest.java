package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import mysqlagents.files.Tree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What random streams should become is kept in a model, and compared with what they do become.
class RoundTripTest {
  private static final int STREAMS = 200;

  @TempDir(factory = InMemory.class)
  private Path parent;

  @Test
  void whatTheWriterWritesTheReceiverUnpacks() throws IOException {
    for (int seed = 0; seed < STREAMS; seed++) {
      Random random = new Random(seed);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      SortedMap<String, byte[]> model = writeMembers(random, new XbstreamWriter(out));
      byte[] backup = out.toByteArray();
      new XbstreamWriter(out).member(StreamBuilder.TRAILER, StreamBuilder.receiptOf(backup));
      assertBecomes(model, out.toByteArray(), random, "seed " + seed);
    }
  }

  @Test
  void whatMariadbBackupCanWriteTheReceiverApplies() throws IOException {
    for (int seed = 0; seed < STREAMS; seed++) {
      Random random = new Random(seed);
      MariadbModel model = new MariadbModel(random);
      byte[] stream = model.write(40).receipt().bytes();
      assertBecomes(model.files(), stream, random, "seed " + seed);
    }
  }

  /// Writes some members, with some of their chunks interleaved and some sparse.
  private static SortedMap<String, byte[]> writeMembers(Random random, XbstreamWriter writer)
      throws IOException {
    SortedMap<String, byte[]> contents = new TreeMap<>();
    Map<String, ByteArrayOutputStream> open = new HashMap<>();
    int members = random.nextInt(12);
    for (int index = 0; index < members || !open.isEmpty(); ) {
      if (index < members && (open.isEmpty() || random.nextInt(3) == 0)) {
        open.put(
            "d%d/".repeat(random.nextInt(3)).formatted(index, index) + "f" + index,
            new ByteArrayOutputStream());
        index++;
      }
      String name = pick(random, new ArrayList<>(new TreeMap<>(open).keySet()));
      ByteArrayOutputStream content = open.getOrDefault(name, new ByteArrayOutputStream());
      switch (random.nextInt(4)) {
        case 0 -> {
          writer.end(name);
          open.remove(name);
          contents.put(name, content.toByteArray());
        }
        case 1 -> appendSparse(random, writer, name, content);
        default -> {
          byte[] bytes = bytes(random, random.nextInt(20_000));
          writer.append(name, ByteBuffer.wrap(bytes));
          content.writeBytes(bytes);
        }
      }
    }
    return contents;
  }

  private static void appendSparse(
      Random random, XbstreamWriter writer, String name, ByteArrayOutputStream content)
      throws IOException {
    List<SparseMap.Extent> extents = new ArrayList<>();
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    for (int extent = random.nextInt(6); extent >= 0; extent--) {
      int skip = random.nextInt(3) * random.nextInt(5_000);
      byte[] bytes = bytes(random, random.nextInt(3) * random.nextInt(5_000));
      extents.add(new SparseMap.Extent(skip, bytes.length));
      payload.writeBytes(bytes);
      content.writeBytes(new byte[skip]);
      content.writeBytes(bytes);
    }
    writer.appendSparse(name, new SparseMap(extents), ByteBuffer.wrap(payload.toByteArray()));
  }

  private void assertBecomes(
      SortedMap<String, byte[]> model, byte[] stream, Random random, String which)
      throws IOException {
    Path directory = Files.createDirectory(parent.resolve("staging"));
    Trickle channel = new Trickle(stream, 1 + random.nextInt(10_000));
    ReceivedStream received = Recipient.receive(channel, directory, StreamDialect.DETECT);
    assertThat(received.members()).as(which).isEqualTo(model.keySet());
    assertThat(received.trailer())
        .as(which)
        .isEqualTo(StreamBuilder.receiptOf(Arrays.copyOf(stream, (int) received.bytes())));
    SortedMap<String, byte[]> contents = Recipient.contents(directory);
    assertThat(contents.keySet()).as(which).isEqualTo(model.keySet());
    model.forEach((name, content) ->
        assertThat(contents.get(name)).as(which + " " + name).isEqualTo(content));
    Tree.delete(directory);
  }

  static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
