package mysqlagents.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import mysqlagents.mysql.ServerVersion.Flavour;
import org.jspecify.annotations.Nullable;

/// A real server on a loopback address.
///
/// ```java
/// try (MariaDbServer server = MariaDbServer.builder().binlog(true).start();
///     Connection connection = server.connect()) {
/// ```
///
/// Closing it stops the server and deletes what was made for it; a data directory that was given
/// stays.
public abstract sealed class DatabaseServer implements AutoCloseable
    permits MariaDbServer, MySqlServer {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
  private static final int POLL_MILLIS = 40;

  /// One for all servers of this JVM, so that a clone can be logged in to like its original.
  private static final String ROOT_PASSWORD = UUID.randomUUID().toString();

  private final ServerPrograms programs;
  private final Builder<?> settings;
  private final TemporaryDirectory run;
  private final Path dataDirectory;
  private final int port;
  private ChildProcess process;

  DatabaseServer(ServerPrograms programs, Builder<?> settings, TemporaryDirectory run)
      throws IOException {
    this.programs = programs;
    this.settings = settings;
    this.run = run;
    this.dataDirectory =
        settings.dataDirectory == null ? run.path().resolve("data") : settings.dataDirectory;
    this.port = settings.port == 0 ? LoopbackNet.freePort(settings.address) : settings.port;
    if (SystemTables.areMissing(dataDirectory)) {
      SystemTables.install(
          programs,
          dataDirectory,
          SystemTables.account("root", settings.rootPassword, "ALL PRIVILEGES"),
          run.path());
    }
    Files.writeString(configuration(), configurationText());
    this.process = launch();
  }

  /// What a server of either flavour is to be like.
  public static Builder<? extends DatabaseServer> builder(Flavour flavour) {
    return switch (flavour) {
      case MARIADB -> MariaDbServer.builder();
      case MYSQL -> MySqlServer.builder();
    };
  }

  public String address() {
    return settings.address;
  }

  public int port() {
    return port;
  }

  public Path dataDirectory() {
    return dataDirectory;
  }

  /// The server's Unix socket.
  public Path socket() {
    return run.path().resolve("mysqld.sock");
  }

  /// The file that the server was started with; a backup tool can be given it too.
  public Path configuration() {
    return run.path().resolve("my.cnf");
  }

  /// The server's error log.
  public Path log() {
    return run.path().resolve("mysqld.log");
  }

  /// `root`'s password; root may log in from any loopback address.
  public String rootPassword() {
    return settings.rootPassword;
  }

  public long pid() {
    return process.pid();
  }

  /// Where a file of the server's [Builder#smallDisk(Path, int)] can be found from outside.
  public Path seenFromOutside(Path file) {
    return Path.of("/proc/%d/root".formatted(pid()), file.toString());
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  /// A new connection as `root`.
  public Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "root");
    properties.setProperty("password", settings.rootPassword);
    // The driver would refuse a certificate that has expired, which some tests give the server.
    properties.setProperty("sslMode", "DISABLED");
    // MySQL's accounts take a password only over TLS, or encrypted with a key that is asked for.
    properties.setProperty("allowPublicKeyRetrieval", "true");
    properties.setProperty("connectTimeout", "5000");
    properties.setProperty("socketTimeout", "120000");
    return DriverManager.getConnection(
        "jdbc:mysql://%s:%d/".formatted(settings.address, port), properties);
  }

  /// Executes statements on a connection of their own, in order.
  public void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /// The first column of the first row as text; null if there is no row, or NULL in it.
  public @Nullable String value(String query) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? rows.getString(1) : null;
    }
  }

  /// Stops it gracefully, by SIGTERM, and waits for its end.
  public void stop() throws IOException {
    process.thaw();
    process.terminate();
    process.waitFor(STOP_LIMIT);
  }

  /// Ends it as a power cut would, by SIGKILL, and waits for its end.
  public void kill() throws IOException {
    process.kill();
    process.waitFor(STOP_LIMIT);
  }

  /// Stops it from running without ending it: connections stay open, nothing answers.
  public void freeze() throws IOException {
    process.freeze();
  }

  public void thaw() throws IOException {
    process.thaw();
  }

  /// Starts it again on the same data, after [#stop()], [#kill()] or an end of its own.
  ///
  /// @param moreOptions for this start only, such as `--skip-slave-start`
  public void restart(String... moreOptions) throws IOException {
    if (process.isAlive()) {
      stop();
    }
    process = launch(moreOptions);
  }

  /// The last `lines` lines of the server's log.
  public String logTail(int lines) throws IOException {
    return process.logTail(lines);
  }

  @Override
  public void close() throws IOException {
    try {
      process.close();
    } finally {
      run.close();
    }
  }

  private ChildProcess launch(String... moreOptions) throws IOException {
    List<String> command = new ArrayList<>(settings.smallDisk);
    command.addAll(List.of(programs.server(), "--defaults-file=" + configuration()));
    command.addAll(settings.options);
    command.addAll(List.of(moreOptions));
    ChildProcess started = ChildProcess.start(command, Map.of(), log());
    try {
      waitUntilItAnswers(started);
    } catch (IOException failure) {
      started.kill();
      started.waitFor(STOP_LIMIT);
      throw failure;
    }
    return started;
  }

  private void waitUntilItAnswers(ChildProcess started) throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      if (!started.isAlive()) {
        throw new IOException(
            "%s ended at its start:%n%s".formatted(programs.server(), started.logTail(30)));
      }
      try (Connection _ = connect()) {
        return;
      } catch (SQLException failure) {
        // 28000: the server answers, and never with anything else.
        if (System.nanoTime() > deadline || "28000".equals(failure.getSQLState())) {
          throw new IOException(
              "%s does not let root in on %s:%d:%n%s"
                  .formatted(programs.server(), settings.address, port, started.logTail(30)),
              failure);
        }
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException _) {
        throw ChildProcess.interrupted("waiting for a server");
      }
    }
  }

  private String configurationText() {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "[mysqld]",
                "datadir=" + dataDirectory,
                "socket=" + socket(),
                "pid-file=" + run.path().resolve("mysqld.pid"),
                "tmpdir=" + run.path(),
                "bind-address=" + settings.address,
                "port=" + port,
                "server-id=" + settings.serverId,
                "skip-name-resolve",
                // Small, for several servers beside each other; durability is left at its defaults.
                "innodb-buffer-pool-size=32M",
                "key-buffer-size=1M",
                "sync-binlog=1"));
    lines.addAll(programs.options());
    lines.add(settings.binlog ? "log-bin=mysql-bin" : "skip-log-bin");
    for (Path file : settings.configurations) {
      lines.add("!include " + file);
    }
    return String.join("\n", lines) + "\n";
  }

  /// What a server is to be like; [#start()] starts it.
  public static final class Builder<S extends DatabaseServer> {
    private final Start<S> start;
    private String address = "127.0.0.1";
    private int port;
    private @Nullable Path dataDirectory;
    private long serverId = 1;
    private boolean binlog;
    private String rootPassword = ROOT_PASSWORD;
    private final List<String> options = new ArrayList<>();
    private final List<Path> configurations = new ArrayList<>();
    private List<String> smallDisk = List.of();

    Builder(Start<S> start) {
      this.start = start;
    }

    /// A server's constructor.
    @FunctionalInterface
    interface Start<S extends DatabaseServer> {
      S start(Builder<S> settings, TemporaryDirectory run) throws IOException;
    }

    /// A loopback address; unless given, `127.0.0.1`.
    public Builder<S> address(String given) {
      if (!given.startsWith("127.")) {
        throw new IllegalArgumentException(given + " is not a loopback address");
      }
      address = given;
      return this;
    }

    /// Unless given, one that is free.
    public Builder<S> port(int given) {
      port = given;
      return this;
    }

    /// Data to start on, such as a clone's; made anew if there is none in it. It is kept when the
    /// server is closed. Unless given, a temporary one.
    public Builder<S> dataDirectory(Path given) {
      dataDirectory = given;
      return this;
    }

    public Builder<S> serverId(long given) {
      serverId = given;
      return this;
    }

    /// Whether to write a binary log, as `mysql-bin`; unless given, not.
    public Builder<S> binlog(boolean given) {
      binlog = given;
      return this;
    }

    /// The password of `root` in the data directory; unless given, one that all servers of this JVM
    /// share.
    public Builder<S> rootPassword(String given) {
      rootPassword = given;
      return this;
    }

    /// More options of the server: `--read-only`.
    public Builder<S> options(String... more) {
      options.addAll(List.of(more));
      return this;
    }

    /// More option files; they override the settings made here.
    public Builder<S> configurations(Path... more) {
      configurations.addAll(List.of(more));
      return this;
    }

    /// Puts a disk of its own before the server, for it to become full: it alone sees it.
    ///
    /// @param directory where; it has to exist
    public Builder<S> smallDisk(Path directory, int mebibytes) {
      List<String> command = new ArrayList<>(List.of("unshare", "--mount"));
      if (!ServerPrograms.runsAsRoot()) {
        command.addAll(List.of("--user", "--map-current-user", "--keep-caps"));
      }
      // To become another user costs a process the signal that it gets when this JVM ends.
      String mount =
          "mount -t tmpfs -o size=%dm disk \"$0\" && exec setpriv --pdeathsig KILL -- \"$@\""
              .formatted(mebibytes);
      command.addAll(List.of("sh", "-c", mount, directory.toString()));
      smallDisk = command;
      return this;
    }

    /// Starts the server and returns once it answers.
    public S start() throws IOException {
      TemporaryDirectory run = TemporaryDirectory.forSockets("mysql-agents-server-");
      try {
        return start.start(this, run);
      } catch (IOException | RuntimeException failure) {
        run.close();
        throw failure;
      }
    }
  }
}
