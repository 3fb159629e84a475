package mysqlagents.sidecar.donor;

import static java.lang.System.Logger.Level.INFO;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import mysqlagents.files.Room;
import mysqlagents.files.Sizes;
import mysqlagents.mysql.CloneStatements;
import mysqlagents.sidecar.server.LogIn;
import mysqlagents.sidecar.server.Server;
import mysqlagents.sidecar.server.Session;
import mysqlagents.wire.Problem;
import org.jspecify.annotations.Nullable;

/// What has to hold before mysqld is told to copy itself: that nothing is left behind by it, that
/// the copy knows its place in the primary's history, and that there is room.
final class DonationChecks {
  private static final System.Logger LOG = System.getLogger(DonationChecks.class.getName());

  /// As many as a message names.
  private static final int EXAMPLES = 3;

  private final Server server;
  private final LogIn logIn;
  private final DonationHome home;
  private final DonationSweep sweep;
  private final DataSize dataSize;

  DonationChecks(
      Server server, LogIn logIn, DonationHome home, DonationSweep sweep, DataSize dataSize) {
    this.server = server;
    this.logIn = logIn;
    this.home = home;
    this.sweep = sweep;
    this.dataSize = dataSize;
  }

  void require() throws SQLException, IOException {
    try (Session session = Session.open(logIn)) {
      requireGtid(session);
      requireInnodb(session);
      requireInside(session);
      sweep.endCopies(session);
    }
    home.removeLeftovers();
    requireRoom();
    requirePlugin();
  }

  /// Without a tool that notes file and position, a copy is placed by what it holds itself.
  private static void requireGtid(Session session) throws SQLException, BackupFailedException {
    String mode = session.value(CloneStatements.gtidMode());
    if (!mode.equals("ON")) {
      throw refused(
          "gtid_mode is %s, and a copy by the CLONE plugin finds its place in the primary's history"
                  .formatted(mode)
              + " by GTID only",
          "set gtid_mode=ON and enforce_gtid_consistency=ON on all pods, or have a backup tool");
    }
    if (session.value(CloneStatements.gtidExecuted()).isBlank()) {
      throw refused(
          "mysqld holds no transaction with a GTID yet, so that nobody could tell where its copy is"
              + " in the primary's history",
          "write something on the primary, and ask again");
    }
  }

  private static void requireInnodb(Session session) throws SQLException, BackupFailedException {
    List<Map<String, @Nullable String>> rows = session.rows(CloneStatements.tablesLeftBehind());
    if (!rows.isEmpty()) {
      throw refused(
          "the CLONE plugin copies InnoDB only, and would leave these tables empty: "
              + examples(rows, row -> "%s (%s)".formatted(row.get("name"), row.get("engine"))),
          "ALTER TABLE … ENGINE=InnoDB, or have a backup tool: docs/operations.md");
    }
  }

  private static void requireInside(Session session) throws SQLException, BackupFailedException {
    List<Map<String, @Nullable String>> rows = session.rows(CloneStatements.filesOutside());
    if (!rows.isEmpty()) {
      throw refused(
          "the CLONE plugin cannot copy files outside of the data directory: "
              + examples(rows, row -> String.valueOf(row.get("file"))),
          "move them into the data directory, or have a backup tool: docs/operations.md");
    }
  }

  private static String examples(
      List<Map<String, @Nullable String>> rows,
      Function<Map<String, @Nullable String>, String> text) {
    String named = rows.stream().limit(EXAMPLES).map(text).collect(Collectors.joining(", "));
    int more = rows.size() - EXAMPLES;
    return more > 0 ? "%s and %d more".formatted(named, more) : named;
  }

  private void requireRoom() throws IOException {
    // It was measured for this backup just now.
    long size = dataSize.recent();
    Room room = Room.forCopyOf(size, home.directory());
    if (!room.isEnough()) {
      throw refused(
          "mysqld's copy of %s needs %s with its margin, and the volume has %s free"
              .formatted(Sizes.text(size), Sizes.text(room.needed()), Sizes.text(room.free())),
          "give this pod a larger volume, or have a backup tool, which needs no second copy");
    }
  }

  private void requirePlugin() throws SQLException, BackupFailedException {
    if (server.value(CloneStatements.pluginIsActive()).equals("0")) {
      try {
        server.execute(CloneStatements.installPlugin());
      } catch (SQLException failure) {
        throw new BackupFailedException(
            Ending.TOOL_FAILED,
            new Problem(
                "the CLONE plugin cannot be installed: " + failure.getMessage(),
                "a replica gets it with its own clone; else start mysqld with"
                    + " plugin-load-add=mysql_clone.so"),
            failure);
      }
      LOG.log(INFO, () -> "installed the CLONE plugin");
    }
  }

  private static BackupFailedException refused(String problem, String remedy) {
    return new BackupFailedException(Ending.TOOL_FAILED, new Problem(problem, remedy));
  }
}
