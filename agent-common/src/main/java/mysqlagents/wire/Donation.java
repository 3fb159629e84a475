package mysqlagents.wire;

import java.util.List;
import java.util.Objects;

/// The copy of its data that a mysqld made by its CLONE plugin for a recipient.
///
/// @param version of this layout; 1
/// @param files how many files it consists of, each a member of the stream
/// @param directories all of them, relative and with `/` between their parts. A stream has no place
///   for an empty one, such as `mysql`, without which the copy's server does not start
public record Donation(int version, long files, List<String> directories) {
  public static final int LAYOUT = 1;

  public Donation {
    Objects.requireNonNull(directories, "directories is missing");
    directories = List.copyOf(directories);
  }
}
