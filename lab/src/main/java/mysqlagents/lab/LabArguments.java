package mysqlagents.lab;

import java.util.List;
import mysqlagents.mysql.ServerVersion.Flavour;

/// What `make lab` was told.
///
/// @param flavour of the servers
/// @param once whether to end when the story is told
record LabArguments(Flavour flavour, boolean once) {
  /// @throws IllegalArgumentException saying what is understood
  static LabArguments parse(List<String> arguments) {
    Flavour flavour = Flavour.MYSQL;
    boolean once = false;
    for (String argument : arguments) {
      switch (argument) {
        case "--once" -> once = true;
        case "--server=mysql" -> flavour = Flavour.MYSQL;
        case "--server=mariadb" -> flavour = Flavour.MARIADB;
        default ->
            throw new IllegalArgumentException(
                "%s is not understood; what is: --once, --server=mysql, --server=mariadb"
                    .formatted(argument));
      }
    }
    return new LabArguments(flavour, once);
  }
}
