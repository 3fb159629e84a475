package mysqlagents.xbstream;

/// The stream ended too early: inside a chunk, with a file still open, or without its trailer.
public final class TruncatedStreamException extends CorruptStreamException {
  private static final long serialVersionUID = 1;

  /// @param offset in bytes; usually the stream's length
  public TruncatedStreamException(long offset, String problem) {
    super(offset, problem);
  }
}
