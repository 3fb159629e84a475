package mysqlagents.mysql;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server's flavour and version, from `SELECT VERSION()`: `8.0.33`, `9.7.0-debug`,
/// `10.11.19-MariaDB-0+deb12u1-log`.
public record ServerVersion(Flavour flavour, int major, int minor, int patch) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:5\\.5\\.5-(?=\\d+\\.\\d+\\.\\d+-MariaDB))?(\\d{1,5})\\.(\\d{1,5})\\.(\\d{1,5}).*",
          Pattern.DOTALL);

  /// Who makes the server; Percona Server counts as MySQL.
  public enum Flavour {
    MYSQL,
    MARIADB
  }

  /// @throws IllegalArgumentException if `text` is not a server's version
  public static ServerVersion parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("'%s' is not a server's version".formatted(text));
    }
    return new ServerVersion(
        text.contains("MariaDB") ? Flavour.MARIADB : Flavour.MYSQL,
        Integer.parseInt(parts.group(1)),
        Integer.parseInt(parts.group(2)),
        Integer.parseInt(parts.group(3)));
  }

  /// Whether this is at least `major.minor.patch`; only to be asked once the flavour is known.
  public boolean isAtLeast(int otherMajor, int otherMinor, int otherPatch) {
    return Comparator.comparingInt(ServerVersion::major)
            .thenComparingInt(ServerVersion::minor)
            .thenComparingInt(ServerVersion::patch)
            .compare(this, new ServerVersion(flavour, otherMajor, otherMinor, otherPatch))
        >= 0;
  }

  @Override
  public String toString() {
    return "%s %d.%d.%d"
        .formatted(flavour == Flavour.MARIADB ? "MariaDB" : "MySQL", major, minor, patch);
  }
}
