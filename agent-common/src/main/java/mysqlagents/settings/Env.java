package mysqlagents.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads settings from environment variables and gathers every mistake, so that the user mends all
/// of them in one go.
///
/// A variable that is set to the empty string counts as not set: that is how Kubernetes manifests
/// and shells leave one out.
public final class Env {
  private final Map<String, String> variables;
  private final List<String> problems = new ArrayList<>();

  private Env(Map<String, String> variables) {
    this.variables = variables;
  }

  /// Builds a settings record with `reader`.
  ///
  /// @throws ConfigException naming all variables that are missing or wrong
  public static <T> T parse(Map<String, String> variables, Function<Env, T> reader) {
    Env env = new Env(variables);
    T settings;
    try {
      settings = reader.apply(env);
    } catch (IllegalArgumentException combination) {
      // A record's constructor may refuse a combination of values; with values missing that is only
      // an echo.
      if (env.problems.isEmpty()) {
        env.problems.add(String.valueOf(combination.getMessage()));
      }
      throw new ConfigException(env.problems);
    }
    env.checkLogLevel();
    if (!env.problems.isEmpty()) {
      throw new ConfigException(env.problems);
    }
    return settings;
  }

  /// It has been in force since before the settings were read, with `INFO` for whatever it is not.
  private void checkLogLevel() {
    optional(
        "LOG_LEVEL",
        text ->
            switch (text) {
              case "INFO", "DEBUG" -> text;
              default -> throw new IllegalArgumentException("INFO or DEBUG");
            });
  }

  /// @param example a value that would do; it appears in the error
  /// @param parser throws IllegalArgumentException whose message says what is expected
  public <T> T required(String name, String example, Function<String, T> parser) {
    String text = text(name);
    if (text == null) {
      problems.add("%s is not set; set it to something like '%s'".formatted(name, example));
      return parser.apply(example);
    }
    return parsed(name, text, parser).orElseGet(() -> parser.apply(example));
  }

  public <T> T optional(String name, T ifUnset, Function<String, T> parser) {
    String text = text(name);
    return text == null ? ifUnset : parsed(name, text, parser).orElse(ifUnset);
  }

  /// A setting whose absence means something.
  public <T> Optional<T> optional(String name, Function<String, T> parser) {
    String text = text(name);
    return text == null ? Optional.empty() : parsed(name, text, parser);
  }

  /// The pod's name: `POD_NAME`, or where that is unset `HOSTNAME`, which Kubernetes sets to it.
  public PodName podName() {
    return required(
        text("POD_NAME") == null && text("HOSTNAME") != null ? "HOSTNAME" : "POD_NAME",
        "mysql-0",
        PodName::parse);
  }

  public String string(String name, String ifUnset) {
    return optional(name, ifUnset, Function.identity());
  }

  public Path path(String name, String ifUnset) {
    return optional(name, Path.of(ifUnset), Path::of);
  }

  public long integer(String name, long least, long most, long ifUnset) {
    return optional(
        name,
        ifUnset,
        text -> {
          String expected = "a whole number from %d to %d".formatted(least, most);
          long value;
          try {
            value = Long.parseLong(text);
          } catch (NumberFormatException _) {
            throw new IllegalArgumentException(expected);
          }
          if (value < least || value > most) {
            throw new IllegalArgumentException(expected);
          }
          return value;
        });
  }

  public int port(String name, int ifUnset) {
    return (int) integer(name, 1, 65_535, ifUnset);
  }

  /// A duration, given in whole seconds; the variable's name ends in `_SECONDS`.
  public Duration seconds(String name, long least, long most, long ifUnset) {
    return Duration.ofSeconds(integer(name, least, most, ifUnset));
  }

  public boolean flag(String name, boolean ifUnset) {
    return optional(
        name,
        ifUnset,
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("true or false");
            });
  }

  private <T> Optional<T> parsed(String name, String text, Function<String, T> parser) {
    try {
      return Optional.of(parser.apply(text));
    } catch (IllegalArgumentException expected) {
      problems.add("%s is '%s'; expected %s".formatted(name, text, expected.getMessage()));
      return Optional.empty();
    }
  }

  private @Nullable String text(String name) {
    String text = variables.get(name);
    return text == null || text.isBlank() ? null : text.strip();
  }
}
