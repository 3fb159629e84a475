package mysqlagents.wire.client;

import java.io.IOException;

/// An answer that is not HTTP as we expect it of a donor.
public final class HttpFormatException extends IOException {
  private static final long serialVersionUID = 1;

  HttpFormatException(String problem) {
    super("the answer is not HTTP/1.1 as it should be: " + problem);
  }
}
