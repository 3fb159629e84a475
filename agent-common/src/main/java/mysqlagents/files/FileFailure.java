package mysqlagents.files;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/// What went wrong, and with which file: a channel's own exceptions do not name theirs, and without
/// a name trouble with this machine's disk looks like trouble with whoever the bytes come from.
public final class FileFailure {
  private FileFailure() {}

  /// `failure` with the file's name, if it is one that lacks it.
  public static IOException named(Path file, IOException failure) {
    if (failure instanceof ClosedChannelException || failure instanceof FileSystemException) {
      return failure;
    }
    FileSystemException named =
        new FileSystemException(
            file.toString(), null, "cannot be written: " + failure.getMessage());
    named.initCause(failure);
    return named;
  }
}
