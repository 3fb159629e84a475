package mysqlagents.mysql;

/// A value that must not be seen in a log or an exception: a password.
public record Secret(String value) {
  /// Takes the secret out of a text that somebody else wrote, such as a server's complaint that
  /// quotes the statement.
  public String redactedFrom(String text) {
    return value.isEmpty() ? text : text.replace(value, "[secret]");
  }

  @Override
  public String toString() {
    return "[secret]";
  }
}
