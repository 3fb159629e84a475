package mysqlagents.mysql;

import java.util.List;

/// One SQL statement. Values never become part of its text: each stands for one question mark and
/// is quoted by the JDBC driver.
///
/// @param values strings, numbers and [Secret]s
public record Sql(String text, List<Object> values) {
  public Sql {
    values = List.copyOf(values);
    long marks = text.chars().filter(c -> c == '?').count();
    if (marks != values.size()) {
      throw new IllegalArgumentException(
          "%d values for the %d question marks of: %s".formatted(values.size(), marks, text));
    }
  }

  static Sql of(String text, Object... values) {
    return new Sql(text, List.of(values));
  }

  /// The statement without its values, as it may be logged.
  @Override
  public String toString() {
    return text;
  }
}
