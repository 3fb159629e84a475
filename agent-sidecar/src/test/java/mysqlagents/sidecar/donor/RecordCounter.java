package mysqlagents.sidecar.donor;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/// A socket that counts the TLS records that come in, for a TLS socket above it.
final class RecordCounter extends Socket {
  /// Type, version, and the length that follows.
  private static final int HEADER = 5;

  /// The type of an alert's record, such as TLS's goodbye; TLS 1.3 hides it.
  static final int ALERT = 21;

  private long records;
  private int type;
  private long bytes;
  private int headerBytes;
  private int lengthHigh;
  private int left;

  long records() {
    return records;
  }

  /// Of the last record.
  int type() {
    return type;
  }

  long bytes() {
    return bytes;
  }

  private void see(int octet) {
    bytes++;
    if (left > 0) {
      left--;
      return;
    }
    headerBytes++;
    if (headerBytes == 1) {
      type = octet;
    } else if (headerBytes == HEADER - 1) {
      lengthHigh = octet;
    } else if (headerBytes == HEADER) {
      records++;
      headerBytes = 0;
      left = (lengthHigh << 8) | octet;
    }
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        int octet = super.read();
        if (octet >= 0) {
          see(octet);
        }
        return octet;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        for (int i = 0; i < count; i++) {
          see(buffer[offset + i] & 0xff);
        }
        return count;
      }
    };
  }
}
