package mysqlagents.wire;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import java.io.IOException;

/// JSON for the records that cross the wire or lie in the journal. Unknown fields are ignored, so
/// that versions can differ by one.
public final class Json {
  private static final Gson GSON =
      new GsonBuilder()
          .setStrictness(Strictness.STRICT)
          .disableHtmlEscaping()
          .setPrettyPrinting()
          .create();

  private Json() {}

  public static String write(Object value) {
    return GSON.toJson(value) + "\n";
  }

  /// @param what names the text in the error: `/volume/agent/clone.json`
  /// @throws IOException if `text` is not a whole and valid `type`
  public static <T> T read(String text, Class<T> type, String what) throws IOException {
    T value;
    try {
      value = GSON.fromJson(text, type);
    } catch (JsonParseException | IllegalArgumentException | NullPointerException malformed) {
      throw new IOException(
          "%s is not what it should be: %s".formatted(what, malformed.getMessage()), malformed);
    }
    if (value == null) {
      throw new IOException(what + " is empty");
    }
    return value;
  }
}
