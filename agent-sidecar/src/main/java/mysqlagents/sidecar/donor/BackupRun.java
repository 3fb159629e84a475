package mysqlagents.sidecar.donor;

import java.io.IOException;

/// A backup that is being taken. Closing it ends all work for it and removes what was made for it.
sealed interface BackupRun extends AutoCloseable permits ToolRun, DonationRun {
  /// Takes the backup and sends it. Returns only if all of it was sent and is known to be whole.
  void writeTo(Sink sink) throws BackupFailedException, IOException, InterruptedException;

  /// Whether the server's writers are kept waiting now.
  boolean isLocked();

  /// Makes [#writeTo] fail soon; may be called from any thread, and again.
  void kill();

  @Override
  void close();
}
