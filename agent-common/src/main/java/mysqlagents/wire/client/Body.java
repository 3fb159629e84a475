package mysqlagents.wire.client;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The content of an answer, freed from HTTP's framing. Its end is only ever the end that HTTP
/// marks: where the connection just ends, reading fails.
abstract sealed class Body implements ReadableByteChannel {
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  private final Inbound in;

  /// How much of the current piece is still to come.
  private long remaining;

  private boolean ended;

  private Body(Inbound in) {
    this.in = in;
  }

  static Body of(ResponseHead head, Inbound in) throws HttpFormatException {
    Optional<String> encoding = head.header("Transfer-Encoding");
    Optional<String> length = head.header("Content-Length");
    if (encoding.isPresent()) {
      if (!encoding.get().equalsIgnoreCase("chunked")) {
        throw new HttpFormatException("transfer encoding '%s'".formatted(encoding.get()));
      }
      return new Chunked(in);
    }
    if (length.isEmpty() || !LENGTH.matcher(length.get()).matches()) {
      throw new HttpFormatException("neither chunked nor of a known length");
    }
    return new Fixed(in, Long.parseLong(length.get()));
  }

  /// The length of the next piece; 0 if there is none.
  abstract long next(Inbound in) throws IOException;

  @Override
  public final int read(ByteBuffer target) throws IOException {
    if (remaining == 0 && !ended) {
      remaining = next(in);
      ended = remaining == 0;
    }
    if (ended) {
      return -1;
    }
    int length = in.read(target, remaining);
    if (length < 0) {
      throw new EOFException("the connection was cut in the middle of the answer");
    }
    remaining -= length;
    return length;
  }

  /// Whether all of it has been read.
  final boolean isEnded() {
    return ended;
  }

  @Override
  public final boolean isOpen() {
    return !ended;
  }

  /// Does nothing; the connection is closed by whoever opened it.
  @Override
  public final void close() {}

  /// Pieces, each with its length before it; one of length 0 is the end.
  private static final class Chunked extends Body {
    private static final Pattern SIZE_LINE = Pattern.compile("([0-9A-Fa-f]{1,15})[ \t]*(;.*)?");

    /// In bytes; extensions, which nobody sends, are the only reason for more than 16.
    private static final int LONGEST_SIZE_LINE = 256;

    private boolean first = true;

    Chunked(Inbound in) {
      super(in);
    }

    @Override
    long next(Inbound in) throws IOException {
      if (!first && !in.line(1).isEmpty()) {
        throw new HttpFormatException("a chunk is longer than it says");
      }
      first = false;
      String line = in.line(LONGEST_SIZE_LINE);
      Matcher size = SIZE_LINE.matcher(line);
      if (!size.matches()) {
        throw new HttpFormatException("a chunk without a length");
      }
      long length = Long.parseLong(size.group(1), 16);
      if (length == 0) {
        skipTrailers(in);
      }
      return length;
    }

    private static void skipTrailers(Inbound in) throws IOException {
      for (int count = 0; !in.line(LONGEST_SIZE_LINE).isEmpty(); count++) {
        if (count == 10) {
          throw new HttpFormatException("more than 10 trailers");
        }
      }
    }
  }

  /// One piece.
  private static final class Fixed extends Body {
    private long length;

    Fixed(Inbound in, long length) {
      super(in);
      this.length = length;
    }

    @Override
    long next(Inbound in) {
      long piece = length;
      length = 0;
      return piece;
    }
  }
}
