package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class XbstreamWriterTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final XbstreamWriter writer = new XbstreamWriter(out);

  @Test
  void writesAMemberAsThePublishedFormatHasIt() throws IOException {
    writer.member("a", "hello".getBytes(StandardCharsets.US_ASCII));
    assertThat(hex())
        .isEqualTo(
            "58425354434b3031" // magic
                + "00" // flags
                + "50" // P
                + "01000000" // length of the name
                + "61" // the name
                + "0500000000000000" // length
                + "0000000000000000" // offset
                + "86a61036" // CRC-32 of "hello", 3610a686
                + "68656c6c6f"
                + "58425354434b3031"
                + "00"
                + "45" // E
                + "01000000"
                + "61");
  }

  @Test
  void writesAnEmptyMemberAsALoneEnd() throws IOException {
    writer.member("a", new byte[0]);
    assertThat(hex()).isEqualTo("58425354434b3031" + "00" + "45" + "01000000" + "61");
  }

  @Test
  void interleavesMembersWithAnOffsetForEach() throws IOException {
    writer.append("a", ByteBuffer.wrap(new byte[] {1, 2}));
    writer.append("b", ByteBuffer.wrap(new byte[] {3}));
    writer.append("a", ByteBuffer.wrap(new byte[] {4}));
    writer.end("a");
    writer.append("b", ByteBuffer.wrap(new byte[] {5}));
    writer.end("b");
    assertThat(out.toByteArray())
        .isEqualTo(
            new StreamBuilder()
                .data("a", 0, new byte[] {1, 2})
                .data("b", 0, new byte[] {3})
                .data("a", 2, new byte[] {4})
                .end("a")
                .data("b", 1, new byte[] {5})
                .end("b")
                .bytes());
  }

  @Test
  void beginsAtZeroAgainAfterAnEnd() throws IOException {
    writer.member("a", new byte[] {1});
    writer.member("a", new byte[] {2});
    assertThat(out.toByteArray())
        .isEqualTo(
            new StreamBuilder().member("a", new byte[] {1}).member("a", new byte[] {2}).bytes());
  }

  @Test
  void cutsAtTenMebibytes() throws IOException {
    byte[] content = new byte[(20 << 20) + 1];
    new Random(1).nextBytes(content);
    writer.member("big", content);
    int cut = 10 << 20;
    assertThat(out.toByteArray())
        .isEqualTo(
            new StreamBuilder()
                .data("big", 0, Arrays.copyOf(content, cut))
                .data("big", cut, Arrays.copyOfRange(content, cut, 2 * cut))
                .data("big", 2L * cut, Arrays.copyOfRange(content, 2 * cut, content.length))
                .end("big")
                .bytes());
  }

  @Test
  void writesHolesInTheDialectOfXtrabackup() throws IOException {
    SparseMap map =
        new SparseMap(
            List.of(
                new SparseMap.Extent(0, 2),
                new SparseMap.Extent(10, 3),
                new SparseMap.Extent(0xFFFF_FFFFL, 0)));
    writer.appendSparse("a", map, ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}));
    writer.append("a", ByteBuffer.wrap(new byte[] {6}));
    writer.end("a");
    assertThat(out.toByteArray())
        .isEqualTo(
            new StreamBuilder()
                .sparse("a", 0, new byte[] {1, 2, 3, 4, 5}, 0, 2, 10, 3, -1, 0)
                .data("a", 15 + 0xFFFF_FFFFL, new byte[] {6})
                .end("a")
                .bytes());
  }

  @Test
  void refusesAMapThatDoesNotFitItsContent() {
    SparseMap map = new SparseMap(List.of(new SparseMap.Extent(0, 2)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.appendSparse("a", map, ByteBuffer.allocate(3)))
        .withMessage("3 bytes for a map of 2, in a chunk of at most 10485760");
    assertThatIllegalArgumentException().isThrownBy(() -> new SparseMap.Extent(1L << 32, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new SparseMap.Extent(0, -1));
    assertThat(out.size()).isZero();
  }

  @Test
  void refusesNamesThatNoReaderWouldTake() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.member("../a", new byte[1]))
        .withMessageContaining("has '..' for a part");
    assertThat(out.size()).isZero();
  }

  @Test
  void writesOnUntilAChannelHasTakenEverything() throws IOException {
    WritableByteChannel slow =
        new WritableByteChannel() {
          @Override
          public int write(ByteBuffer bytes) {
            out.write(bytes.get());
            return 1;
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {
            throw new AssertionError("a writer does not close");
          }
        };
    new XbstreamWriter(slow).member("a", new byte[] {1, 2, 3});
    assertThat(out.toByteArray())
        .isEqualTo(new StreamBuilder().member("a", new byte[] {1, 2, 3}).bytes());
  }

  private String hex() {
    return HexFormat.of().formatHex(out.toByteArray());
  }
}
