package mysqlagents.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of a StatefulSet's pod: the set's name, a dash, the ordinal. `my-db-12` is pod 12 of
/// the set `my-db`.
///
/// @param set the StatefulSet's name
/// @param ordinal from 0; pod 0 is the primary
public record PodName(String set, int ordinal) {
  /// A DNS label, as Kubernetes asks of a StatefulSet's pods; ordinals have no leading zeros and
  /// fit an int.
  private static final Pattern FORM =
      Pattern.compile("([a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)-(0|[1-9][0-9]{0,8})");

  /// @throws IllegalArgumentException if `name` does not end in a dash and an ordinal
  public static PodName parse(String name) {
    Matcher parts = FORM.matcher(name);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "a StatefulSet pod's name: the set's name, a dash and the ordinal");
    }
    return new PodName(parts.group(1), Integer.parseInt(parts.group(2)));
  }

  public boolean isPrimary() {
    return ordinal == 0;
  }

  /// The pod of the same set with another ordinal.
  public PodName sibling(int otherOrdinal) {
    return new PodName(set, otherOrdinal);
  }

  @Override
  public String toString() {
    return set + "-" + ordinal;
  }
}
