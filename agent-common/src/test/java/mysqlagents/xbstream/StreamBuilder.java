package mysqlagents.xbstream;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/// Puts streams together chunk by chunk, wrong ones included. It shares nothing with the code under
/// test but the digest.
final class StreamBuilder {
  static final String TRAILER = "receipt.json";

  private final ByteArrayOutputStream stream = new ByteArrayOutputStream();

  StreamBuilder data(String name, long offset, byte[] payload) {
    return data(name, 0, offset, payload);
  }

  StreamBuilder data(String name, int flags, long offset, byte[] payload) {
    return header(flags, 'P', name)
        .raw(numbers(20).putLong(payload.length).putLong(offset).putInt(crc(payload)))
        .raw(payload);
  }

  /// A payload's header with any numbers in it.
  StreamBuilder dataHeader(String name, long length, long offset, int crc) {
    return header(0, 'P', name).raw(numbers(20).putLong(length).putLong(offset).putInt(crc));
  }

  StreamBuilder end(String name) {
    return end(name, 0);
  }

  StreamBuilder end(String name, int flags) {
    return header(flags, 'E', name);
  }

  /// A whole member in one payload.
  StreamBuilder member(String name, byte[] content) {
    return data(name, 0, content).end(name);
  }

  StreamBuilder member(String name, String content) {
    return member(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /// @param map skip and length in turn
  StreamBuilder sparse(String name, long offset, byte[] payload, int... map) {
    ByteBuffer extents = numbers(map.length * 4);
    for (int number : map) {
      extents.putInt(number);
    }
    return sparseHeader(
            name, map.length / 2, payload.length, offset, crc(written(extents), payload))
        .raw(extents)
        .raw(payload);
  }

  StreamBuilder sparseHeader(String name, int extents, long length, long offset, int crc) {
    return header(0, 'S', name)
        .raw(numbers(24).putInt(extents).putLong(length).putLong(offset).putInt(crc));
  }

  StreamBuilder seek(String name, long offset) {
    return header(0, 'S', name).raw(numbers(8).putLong(offset));
  }

  StreamBuilder rename(String name, String target) {
    byte[] bytes = target.getBytes(StandardCharsets.UTF_8);
    return header(0, 'R', name).raw(numbers(4).putInt(bytes.length)).raw(bytes);
  }

  StreamBuilder remove(String name) {
    return header(0, 'D', name);
  }

  StreamBuilder header(int flags, char type, String name) {
    return header(flags, type, name.getBytes(StandardCharsets.UTF_8));
  }

  StreamBuilder header(int flags, char type, byte[] name) {
    return raw("XBSTCK01".getBytes(StandardCharsets.US_ASCII))
        .raw(new byte[] {(byte) flags, (byte) type})
        .raw(numbers(4).putInt(name.length))
        .raw(name);
  }

  StreamBuilder raw(byte[] bytes) {
    stream.writeBytes(bytes);
    return this;
  }

  private StreamBuilder raw(ByteBuffer bytes) {
    return raw(written(bytes));
  }

  /// Ends the stream with a trailer that tells the truth.
  StreamBuilder receipt() {
    return member(TRAILER, receiptOf(bytes()));
  }

  /// What a donor says of a stream, in short: length and digest.
  static byte[] receiptOf(byte[] stream) {
    StreamDigest digest = new StreamDigest();
    digest.update(stream, 0, stream.length);
    return (digest.bytes() + " " + digest.value()).getBytes(StandardCharsets.US_ASCII);
  }

  byte[] bytes() {
    return stream.toByteArray();
  }

  private static byte[] written(ByteBuffer numbers) {
    byte[] bytes = new byte[numbers.position()];
    numbers.duplicate().flip().get(bytes);
    return bytes;
  }

  private static ByteBuffer numbers(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int crc(byte[]... parts) {
    CRC32 crc = new CRC32();
    for (byte[] part : parts) {
      crc.update(part);
    }
    return (int) crc.getValue();
  }
}
