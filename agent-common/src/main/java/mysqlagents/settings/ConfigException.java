package mysqlagents.settings;

import java.util.List;

/// Settings that cannot be used. The message has one line for each, naming the variable, what was
/// found and what is expected.
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ConfigException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
  }
}
