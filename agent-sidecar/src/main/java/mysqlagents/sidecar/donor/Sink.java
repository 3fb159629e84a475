package mysqlagents.sidecar.donor;

import java.nio.ByteBuffer;

/// Where a backup's stream goes: to the recipient, by way of digest and throttle.
interface Sink {
  /// Returns when all that remains in `bytes` is on its way. As much at a time as is at hand: the
  /// recipient's patience is measured by the call.
  void send(ByteBuffer bytes) throws BackupFailedException, InterruptedException;

  /// Sends what compression still holds back, so that the recipient sees a sign of life.
  void flush() throws BackupFailedException, InterruptedException;
}
