package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StreamDigestTest {
  private static final byte[] CHECK = "123456789".getBytes(StandardCharsets.US_ASCII);

  @Test
  void givesThePublishedCheckValuesOfBothPolynomials() {
    assertThat(digest(CHECK).value()).isEqualTo("crc32+crc32c:cbf43926e3069283");
  }

  @Test
  void ofNothingIsZero() {
    assertThat(new StreamDigest().value()).isEqualTo("crc32+crc32c:0000000000000000");
    assertThat(new StreamDigest().bytes()).isZero();
  }

  @Test
  void doesNotDependOnHowTheBytesAreCut() {
    byte[] bytes = random(10_000);
    StreamDigest pieces = new StreamDigest();
    pieces.update(bytes, 0, 1);
    pieces.update(ByteBuffer.wrap(bytes, 1, 4_999));
    pieces.update(ByteBuffer.allocateDirect(5_000).put(bytes, 5_000, 5_000).flip());
    assertThat(pieces.value()).isEqualTo(digest(bytes).value());
    assertThat(pieces.bytes()).isEqualTo(10_000);
  }

  @Test
  void leavesABufferAsItWas() {
    ByteBuffer buffer = ByteBuffer.wrap(CHECK).position(2).limit(7);
    new StreamDigest().update(buffer);
    assertThat(buffer).isEqualTo(ByteBuffer.wrap(CHECK, 2, 5));
    assertThat(buffer.position()).isEqualTo(2);
  }

  @Test
  void aStateTakenOnTheWayHasTheTextOfThatMoment() {
    StreamDigest digest = digest(CHECK);
    long state = digest.state();
    digest.update(CHECK, 0, CHECK.length);
    assertThat(StreamDigest.text(state)).isEqualTo(digest(CHECK).value());
    assertThat(StreamDigest.text(digest.state())).isEqualTo(digest.value());
  }

  @Test
  void everyFlippedBitGivesAValueOfItsOwn() {
    byte[] bytes = random(500);
    Set<String> values = new HashSet<>(Set.of(digest(bytes).value()));
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));
      values.add(digest(bytes).value());
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));
    }
    assertThat(values).hasSize(1 + bytes.length * 8);
  }

  @Test
  void zeroBytesAndTheOrderOfBlocksCount() {
    assertThat(digest(new byte[1]).value()).isNotEqualTo(digest(new byte[2]).value());
    assertThat(digest("abcdefgh".getBytes(StandardCharsets.US_ASCII)).value())
        .isNotEqualTo(digest("efghabcd".getBytes(StandardCharsets.US_ASCII)).value());
  }

  private static StreamDigest digest(byte[] bytes) {
    StreamDigest digest = new StreamDigest();
    digest.update(bytes, 0, bytes.length);
    return digest;
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }
}
