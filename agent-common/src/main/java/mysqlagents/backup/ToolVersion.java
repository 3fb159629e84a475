package mysqlagents.backup;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mysqlagents.mysql.ServerVersion;
import mysqlagents.mysql.ServerVersion.Flavour;

/// A backup tool's version, and the servers that it can back up.
///
/// @param text as the tool prints it: `10.11.19-MariaDB`, `8.0.35-31`
public record ToolVersion(BackupTool tool, String text, int major, int minor, int patch) {
  /// `mariadb-backup based on MariaDB server 10.11.19-MariaDB debian-linux-gnu (x86_64)`
  private static final Pattern MARIADB =
      Pattern.compile("based on MariaDB server (([0-9]{1,4})\\.([0-9]{1,4})\\.([0-9]{1,4})\\S*)");

  /// `xtrabackup version 8.0.35-31 based on MySQL server 8.0.35 Linux (x86_64) (revision id: …)`
  private static final Pattern PERCONA =
      Pattern.compile("xtrabackup version (([0-9]{1,4})\\.([0-9]{1,4})\\.([0-9]{1,4})\\S*)");

  /// From this version of 8.0 on, xtrabackup also takes later versions of the 8.0 server.
  private static final int FIRST_FOR_ANY_8_0 = 34;

  /// Finds the version in what `tool` prints for `--version`. Other lines may precede it.
  public static Optional<ToolVersion> in(BackupTool tool, String output) {
    Pattern form =
        switch (tool) {
          case MARIADB_BACKUP -> MARIADB;
          case XTRABACKUP -> PERCONA;
        };
    Matcher parts = form.matcher(output);
    return parts.find()
        ? Optional.of(
            new ToolVersion(
                tool,
                parts.group(1),
                Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3)),
                Integer.parseInt(parts.group(4))))
        : Optional.empty();
  }

  /// Whether this tool's makers say that it backs up `server`.
  public boolean fits(ServerVersion server) {
    return switch (tool) {
      case MARIADB_BACKUP -> server.flavour() == Flavour.MARIADB && isSameSeries(server);
      case XTRABACKUP -> server.flavour() == Flavour.MYSQL && fitsMysql(server);
    };
  }

  private boolean fitsMysql(ServerVersion server) {
    if (major == 2) {
      return minor == 4 && server.major() == 5 && server.minor() >= 5 && server.minor() <= 7;
    }
    boolean tooOld =
        major == 8 && minor == 0 && patch < FIRST_FOR_ANY_8_0 && patch < server.patch();
    return isSameSeries(server) && !tooOld;
  }

  private boolean isSameSeries(ServerVersion server) {
    return major == server.major() && minor == server.minor();
  }

  @Override
  public String toString() {
    return "%s %s".formatted(tool.program(), text);
  }
}
