package mysqlagents.xbstream;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/// A running 64-bit check value of a stream: CRC-32 and CRC-32C of the same bytes, side by side.
///
/// It is there to find damage, not forgery (that is TLS's work): any single burst of up to 32 bits
/// is found with certainty, anything else but for one case in 2^64.
/// `docs/decisions/0003-stream-digest.md` has the figures for why it is not SHA-256.
public final class StreamDigest {
  private final CRC32 crc32 = new CRC32();
  private final CRC32C crc32c = new CRC32C();
  private long bytes;

  /// Adds all that remains in `data`; its position is left where it was.
  public void update(ByteBuffer data) {
    bytes += data.remaining();
    crc32.update(data.duplicate());
    crc32c.update(data.duplicate());
  }

  public void update(byte[] data, int offset, int length) {
    bytes += length;
    crc32.update(data, offset, length);
    crc32c.update(data, offset, length);
  }

  /// How many bytes have been added.
  public long bytes() {
    return bytes;
  }

  /// The value so far, as it is written into a receipt: `crc32+crc32c:` and 16 hexadecimal digits.
  public String value() {
    return text(crc32.getValue(), crc32c.getValue());
  }

  /// The state so far as one number, for callers that take it at every chunk and want the text of
  /// only one; see [#text(long)].
  public long state() {
    return crc32.getValue() << 32 | crc32c.getValue();
  }

  /// The text of a [#state()].
  public static String text(long state) {
    return text(state >>> 32, state & 0xFFFF_FFFFL);
  }

  private static String text(long crc32, long crc32c) {
    return String.format(Locale.ROOT, "crc32+crc32c:%08x%08x", crc32, crc32c);
  }
}
