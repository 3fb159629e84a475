package mysqlagents.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mysqlagents.files.Tree;
import mysqlagents.testbed.ChildProcess;
import mysqlagents.testbed.ServerPrograms;
import mysqlagents.testbed.SystemTables;

/// The container `mysqld`: what the server's image does.
///
/// @param options more options of mysqld
record Mysqld(
    ServerPrograms programs,
    String address,
    Path volume,
    Path confD,
    Path scratch,
    List<String> options) {
  static final int PORT = 3306;

  /// As the image's entry point does, initialises a data directory that is absent or empty.
  ChildProcess start(Accounts accounts, Path log) throws IOException {
    Path data = volume.resolve("mysql");
    if (isEmpty(data)) {
      initialise(data, accounts);
    }
    Path configuration = scratch.resolve("my.cnf");
    Files.writeString(configuration, configurationText(data));
    List<String> command =
        new ArrayList<>(List.of(programs.server(), "--defaults-file=" + configuration));
    command.addAll(options);
    return ChildProcess.start(command, Map.of(), log);
  }

  /// In a directory of its own, renamed when whole: a lab that is stopped half-way leaves nothing
  /// that could be taken for data.
  private void initialise(Path data, Accounts accounts) throws IOException {
    Path growing = volume.resolve("initialising");
    Tree.delete(growing);
    SystemTables.install(programs, growing, accounts.sql(), scratch);
    Files.move(growing, data, StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean isEmpty(Path data) throws IOException {
    if (!Files.exists(data)) {
      return true;
    }
    try (var entries = Files.list(data)) {
      return entries.findAny().isEmpty();
    }
  }

  private String configurationText(Path data) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "[mysqld]",
                "datadir=" + data,
                "socket=" + scratch.resolve("mysqld.sock"),
                "pid-file=" + scratch.resolve("mysqld.pid"),
                "tmpdir=" + scratch,
                "bind-address=" + address,
                "port=" + PORT,
                "skip-name-resolve",
                "innodb-buffer-pool-size=64M",
                "key-buffer-size=1M"));
    lines.addAll(programs.options());
    lines.add("!includedir " + confD);
    return String.join("\n", lines) + "\n";
  }
}
