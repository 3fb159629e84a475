package mysqlagents.xbstream;

import java.nio.charset.StandardCharsets;

/// The numbers of the format that reader and writer share. All integers are little-endian.
final class ChunkFormat {
  private static final byte[] MAGIC_BYTES = "XBSTCK01".getBytes(StandardCharsets.US_ASCII);

  /// The eight bytes that begin each chunk, `XBSTCK01`, read as a little-endian number.
  static final long MAGIC = littleEndian(MAGIC_BYTES);

  /// Magic (8), flags (1), type (1), length of the name (4). The name follows.
  static final int HEADER_LENGTH = 14;

  /// Length (8), offset (8), CRC-32 of the payload (4). The payload follows.
  static final int DATA_LENGTH = 20;

  /// Number of extents (4), length (8), offset (8), CRC-32 of map and payload (4). The map and then
  /// the payload follow.
  static final int SPARSE_LENGTH = 24;

  /// A hole's length (4), the following data's length (4).
  static final int EXTENT_LENGTH = 8;

  /// Set by mariadb-backup on the payloads of a file that it sends again: what came under that name
  /// before is void.
  static final int REWRITE = 0x02;

  static final char DATA = 'P';
  static final char END = 'E';

  /// xtrabackup's meaning of `S`.
  static final char SPARSE = 'S';

  /// mariadb-backup's meaning of `S`.
  static final char SEEK = 'S';

  static final char RENAME = 'R';
  static final char REMOVE = 'D';

  private ChunkFormat() {}

  private static long littleEndian(byte[] bytes) {
    long value = 0;
    for (int index = bytes.length - 1; index >= 0; index--) {
      value = value << 8 | bytes[index];
    }
    return value;
  }
}
