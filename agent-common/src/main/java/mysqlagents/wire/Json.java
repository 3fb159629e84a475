package mysqlagents.wire;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.Strictness;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// JSON for the records that cross the wire or lie in the journal. Unknown fields are ignored, so
/// that versions can differ by one.
public final class Json {
  private static final Gson GSON =
      new GsonBuilder()
          .setStrictness(Strictness.STRICT)
          .disableHtmlEscaping()
          .setPrettyPrinting()
          .create();

  private static final Gson ONE_LINE =
      GSON.newBuilder().setFormattingStyle(FormattingStyle.COMPACT).create();

  private Json() {}

  public static String write(Object value) {
    return GSON.toJson(value) + "\n";
  }

  /// For a log or a pipe: no line end inside or after, absent values left out.
  public static String line(Object value) {
    return ONE_LINE.toJson(value);
  }

  /// @param what names the text in the error: `/volume/agent/clone.json`
  /// @throws IOException if `text` is not a whole and valid `type`
  public static <T> T read(String text, Class<T> type, String what) throws IOException {
    T value;
    try {
      value = GSON.fromJson(text, type);
    } catch (RuntimeException malformed) {
      // What a record's constructor refuses comes wrapped in a plain RuntimeException.
      throw new IOException(
          "%s is not what it should be: %s".formatted(what, bottom(malformed)), malformed);
    }
    if (value == null) {
      throw new IOException(what + " is empty");
    }
    return value;
  }

  private static @Nullable String bottom(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure.getMessage() : bottom(cause);
  }
}
