package mysqlagents.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.PublicKey;

/// As much of ASN.1's encoding as it takes to bring a private key into the form that the JDK reads.
final class Der {
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

  private Der() {}

  /// PKCS#8 (RFC 5208): a version, the algorithm, and the key in its algorithm's own form.
  ///
  /// @param key in the form of PKCS#1 or SEC 1
  /// @param certified whose encoding begins with just that algorithm, with the curve where there is
  ///   one (RFC 5280, SubjectPublicKeyInfo)
  static byte[] pkcs8(byte[] key, PublicKey certified) {
    return element(SEQUENCE, VERSION_0, algorithm(certified), element(OCTET_STRING, key));
  }

  private static byte[] algorithm(PublicKey key) {
    ByteBuffer in = ByteBuffer.wrap(key.getEncoded());
    skipHeader(in);
    int begin = in.position();
    int length = skipHeader(in);
    byte[] algorithm = new byte[in.position() - begin + length];
    in.get(begin, algorithm);
    return algorithm;
  }

  /// Passes an element's tag and length.
  ///
  /// @return the length of its content, in bytes
  private static int skipHeader(ByteBuffer in) {
    in.get();
    int length = in.get() & 0xFF;
    if (length < 0x80) {
      return length;
    }
    int value = 0;
    for (int bytes = length & 0x7F; bytes > 0; bytes--) {
      value = (value << 8) | (in.get() & 0xFF);
    }
    return value;
  }

  private static byte[] element(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    writeLength(out, content.size());
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  private static void writeLength(ByteArrayOutputStream out, int length) {
    if (length < 0x80) {
      out.write(length);
      return;
    }
    // Three bytes are enough for any key.
    out.write(0x83);
    out.write(length >> 16);
    out.write(length >> 8);
    out.write(length);
  }
}
