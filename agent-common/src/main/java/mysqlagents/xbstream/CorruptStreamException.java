package mysqlagents.xbstream;

import java.io.IOException;

/// The stream is not what a backup tool writes. Nothing that was unpacked from it may be used.
///
/// One family for every way in which a stream can be wrong, so that a caller has one thing to
/// catch. Trouble of the network or of the disk is never reported as this.
public class CorruptStreamException extends IOException {
  private static final long serialVersionUID = 1;

  private final long offset;

  /// @param offset in bytes from the stream's start; where a chunk is at fault, of its first byte
  /// @param problem what was found, and what was expected
  public CorruptStreamException(long offset, String problem) {
    super("at byte %d of the stream: %s".formatted(offset, problem));
    this.offset = offset;
  }

  /// In bytes from the stream's start.
  public final long offset() {
    return offset;
  }
}
