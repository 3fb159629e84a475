package mysqlagents.tls;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/// Which certificates of the authority may be used to come in.
///
/// @param subjects none for all
public record AllowedSubjects(List<X500Principal> subjects) {
  public static final AllowedSubjects ANY = new AllowedSubjects(List.of());

  private static final String EXPECTED =
      "distinguished names with ';' between them, such as CN=mysql,O=shop;CN=backup,O=shop";

  public AllowedSubjects {
    subjects = List.copyOf(subjects);
  }

  /// @param text distinguished names (RFC 4514) with semicolons between them
  public static AllowedSubjects parse(String text) {
    List<X500Principal> subjects;
    try {
      subjects =
          Arrays.stream(text.split(";"))
              .map(String::strip)
              .filter(name -> !name.isEmpty())
              .map(X500Principal::new)
              .toList();
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException(EXPECTED);
    }
    if (subjects.isEmpty()) {
      // It would admit everybody.
      throw new IllegalArgumentException(EXPECTED);
    }
    return new AllowedSubjects(subjects);
  }

  /// Compares the names' parts, not their spelling.
  public boolean admit(X500Principal subject) {
    return subjects.isEmpty() || subjects.contains(subject);
  }

  @Override
  public String toString() {
    return subjects.isEmpty()
        ? "any"
        : subjects.stream().map(X500Principal::getName).collect(Collectors.joining("; "));
  }
}
