package mysqlagents.wire.client;

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Status and headers of an answer.
///
/// @param headers by name, whose case does not matter; of a repeated one the last
public record ResponseHead(int status, Map<String, String> headers) {
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([2-5][0-9]{2})( .*)?");
  private static final Pattern FIELD = Pattern.compile("([-!#$%&'*+.^_`|~0-9A-Za-z]+):(.*)");

  /// In bytes. A donor's headers have a tenth of it.
  private static final int LONGEST_LINE = 4096;

  private static final int MOST_HEADERS = 100;

  static ResponseHead read(Inbound in) throws IOException {
    String first = in.line(LONGEST_LINE);
    Matcher statusLine = STATUS_LINE.matcher(first);
    if (!statusLine.matches()) {
      throw new HttpFormatException("it begins with '%s'".formatted(excerpt(first)));
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    int count = 0;
    for (String line = in.line(LONGEST_LINE); !line.isEmpty(); line = in.line(LONGEST_LINE)) {
      Matcher field = FIELD.matcher(line);
      if (!field.matches()) {
        throw new HttpFormatException("'%s' is not a header".formatted(excerpt(line)));
      }
      if (++count > MOST_HEADERS) {
        throw new HttpFormatException("more than %d headers".formatted(MOST_HEADERS));
      }
      headers.put(field.group(1), field.group(2).strip());
    }
    return new ResponseHead(
        Integer.parseInt(statusLine.group(1)), Collections.unmodifiableMap(headers));
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /// Printable and short: the sender may be anything that listens on that port.
  private static String excerpt(String line) {
    String printable = line.replaceAll("[^ -~]", "?");
    return printable.length() <= 60 ? printable : printable.substring(0, 60) + "…";
  }
}
