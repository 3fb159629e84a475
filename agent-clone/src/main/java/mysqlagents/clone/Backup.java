package mysqlagents.clone;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import mysqlagents.backup.BackupEngine;
import mysqlagents.wire.client.HttpConnection;

/// A backup that a donor has begun to send. Closing it before its end makes the donor stop.
///
/// @param donor the donor's pod name, as it is asked for
/// @param id the donor's
/// @param toolVersion as the tool prints it; the server's own where the engine needs no tool
/// @param size about how many bytes will come; 0 if the donor does not say
record Backup(
    String donor,
    String id,
    BackupEngine engine,
    String toolVersion,
    long size,
    ReadableByteChannel stream,
    HttpConnection connection)
    implements Closeable {
  @Override
  public void close() throws IOException {
    try (connection) {
      stream.close();
    }
  }
}
