package mysqlagents.mysql;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mysqlagents.mysql.ServerVersion.Flavour;

/// A set of transactions as its flavour writes it: MySQL's `uuid:1-6,uuid:tag:1` or MariaDB's
/// `0-1-23,7-4-5` (domain, server, sequence; all transactions of the domain up to that one).
///
/// @param text checked, without white space; never empty
public record GtidSet(Flavour flavour, String text) {
  private static final Pattern MARIADB =
      Pattern.compile("([0-9]{1,10})-([0-9]{1,10})-([0-9]{1,20})");
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /// MySQL 8.3 and later: a letter or underscore, then up to 31 letters, digits or underscores.
  private static final Pattern TAG = Pattern.compile("[a-z_][a-z0-9_]{0,31}");

  private static final Pattern INTERVAL = Pattern.compile("([0-9]{1,19})(?:-([0-9]{1,19}))?");
  private static final long LARGEST_32_BIT = 0xFFFF_FFFFL;

  public GtidSet {
    if (!text.equals(text.replaceAll("\\s", ""))) {
      throw new IllegalArgumentException("white space in the GTID set '%s'".formatted(text));
    }
    switch (flavour) {
      case MARIADB -> checkMariaDb(text);
      case MYSQL -> checkMySql(text);
    }
  }

  /// Reads a set that a server or backup tool has written. White space anywhere is dropped: some
  /// tools put each server of a set on a line of its own.
  ///
  /// @throws IllegalArgumentException if `text` is not a GTID set, or an empty one
  public static GtidSet parse(String text) {
    String bare = text.replaceAll("\\s", "");
    return new GtidSet(bare.indexOf(':') >= 0 ? Flavour.MYSQL : Flavour.MARIADB, bare);
  }

  /// Whether both hold the same members, in whatever order.
  public boolean sameAs(GtidSet other) {
    return flavour == other.flavour && members().equals(other.members());
  }

  private Set<String> members() {
    return Set.of(text.toLowerCase(Locale.ROOT).split(",", -1));
  }

  private static void checkMariaDb(String text) {
    Set<String> domains = new HashSet<>();
    for (String member : text.split(",", -1)) {
      Matcher parts = MARIADB.matcher(member);
      if (!parts.matches()
          || Long.parseLong(parts.group(1)) > LARGEST_32_BIT
          || Long.parseLong(parts.group(2)) > LARGEST_32_BIT) {
        throw malformed(member, "domain-server-sequence, such as 0-1-23");
      }
      Long.parseUnsignedLong(parts.group(3));
      if (!domains.add(parts.group(1))) {
        throw new IllegalArgumentException(
            "the GTID position '%s' names domain %s twice".formatted(text, parts.group(1)));
      }
    }
  }

  private static void checkMySql(String text) {
    for (String member : text.split(",", -1)) {
      String[] parts = member.toLowerCase(Locale.ROOT).split(":", -1);
      if (!UUID.matcher(parts[0]).matches() || !endsInInterval(parts)) {
        throw malformed(member, "a server's UUID and intervals, such as <uuid>:1-6");
      }
      for (int i = 1; i < parts.length; i++) {
        boolean tagAllowed = i == 1 || isInterval(parts[i - 1]);
        if (!isInterval(parts[i]) && !(tagAllowed && TAG.matcher(parts[i]).matches())) {
          throw malformed(member, "a server's UUID and intervals, such as <uuid>:1-6");
        }
      }
    }
  }

  private static boolean endsInInterval(String[] parts) {
    return parts.length > 1 && isInterval(parts[parts.length - 1]);
  }

  private static boolean isInterval(String text) {
    Matcher ends = INTERVAL.matcher(text);
    if (!ends.matches()) {
      return false;
    }
    try {
      long first = Long.parseLong(ends.group(1));
      long last = ends.group(2) == null ? first : Long.parseLong(ends.group(2));
      return first >= 1 && last >= first;
    } catch (NumberFormatException _) {
      return false;
    }
  }

  private static IllegalArgumentException malformed(String member, String expected) {
    String shown = member.length() <= 80 ? member : member.substring(0, 80) + "…";
    return new IllegalArgumentException(
        "'%s' is not part of a GTID set; expected %s".formatted(shown, expected));
  }

  @Override
  public String toString() {
    return text;
  }
}
