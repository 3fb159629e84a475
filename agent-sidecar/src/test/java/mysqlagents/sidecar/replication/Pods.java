package mysqlagents.sidecar.replication;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import mysqlagents.backup.BinlogPosition;
import mysqlagents.backup.ReplicationCoordinates;
import mysqlagents.files.Volume;
import mysqlagents.journal.CloneManifest;
import mysqlagents.journal.Journal;
import mysqlagents.settings.PeerAddresses;
import mysqlagents.settings.PodName;
import mysqlagents.sidecar.server.Account;
import mysqlagents.sidecar.server.Server;
import mysqlagents.testbed.CertificateAuthority;
import mysqlagents.testbed.CertificateAuthority.Request;
import mysqlagents.testbed.DatabaseServer;
import mysqlagents.testbed.LoopbackNet;
import mysqlagents.testbed.MariaDbServer;
import mysqlagents.testbed.TemporaryDirectory;
import mysqlagents.tls.MysqldTlsFiles;

/// A primary (pod 0) and the data of a clone of it, from which any number of replicas (pod 1) can
/// be made, one after the other.
///
/// The clone is a second, new server with the same rows. None of its tables has a key, so that an
/// event that is applied twice shows.
final class Pods implements AutoCloseable {
  static final Duration POLL = Duration.ofMillis(200);
  private static final PodName REPLICA = PodName.parse("mysql-1");

  final MariaDbServer primary;
  final CertificateAuthority authority;
  final BinlogPosition place;
  final ReplicationCoordinates coordinates;

  private final LoopbackNet net;
  private final TemporaryDirectory directory;
  private int rows;

  Pods() throws IOException, SQLException {
    this(false);
  }

  /// @param tls whether the primary's mysqld has a certificate, in [#certificates(int)]
  Pods(boolean tls) throws IOException, SQLException {
    net = LoopbackNet.reserve();
    directory = TemporaryDirectory.create("mysql-agents-replication-");
    authority = CertificateAuthority.create(directory.path().resolve("authority"), "set");
    if (tls) {
      issue(0);
      issue(1);
    }
    primary =
        MariaDbServer.builder()
            .address(net.pod(0))
            .serverId(100)
            .binlog(true)
            .options(tls ? tlsOptions(0) : new String[0])
            .start();
    String[] seed = {
      "CREATE DATABASE test",
      "CREATE TABLE test.messages (number INT, text VARCHAR(50))",
      "INSERT INTO test.messages VALUES (1, 'before the clone'), (2, 'before the clone')"
    };
    primary.execute(seed);
    try (MariaDbServer clone =
        MariaDbServer.builder().dataDirectory(directory.path().resolve("clone")).start()) {
      clone.execute(seed);
    }
    place =
        new BinlogPosition(
            "mysql-bin.000001",
            Long.parseLong(
                String.valueOf(
                    primary.value(
                        "SELECT variable_value FROM information_schema.global_status"
                            + " WHERE variable_name = 'binlog_snapshot_position'"))));
    coordinates = new ReplicationCoordinates(place, primary.value("SELECT @@gtid_binlog_pos"));
    Files.writeString(passwordFile(), primary.rootPassword() + "\n");
  }

  /// The directory with a pod's certificate.
  Path certificates(int ordinal) {
    return directory.path().resolve("tls-" + ordinal);
  }

  /// Gives a pod a new certificate for its address.
  void issue(int ordinal) throws IOException {
    authority.issue(Request.of("/CN=mysql", net.pod(ordinal)), certificates(ordinal));
  }

  private String[] tlsOptions(int ordinal) {
    MysqldTlsFiles files = MysqldTlsFiles.in(certificates(ordinal));
    return new String[] {
      "--ssl-ca=" + files.authority(),
      "--ssl-cert=" + files.certificate(),
      "--ssl-key=" + files.key()
    };
  }

  private Path passwordFile() {
    return directory.path().resolve("password");
  }

  Account account() {
    return new Account("root", Optional.of(passwordFile()));
  }

  /// Adds a row on the primary.
  void write() throws SQLException {
    rows++;
    primary.execute("INSERT INTO test.messages VALUES (%d, 'after the clone')".formatted(rows));
  }

  CloneManifest manifest() {
    return new CloneManifest(
        "clone-1",
        "mysql-0",
        "10.11.19-MariaDB",
        "mariadb-backup",
        "10.11.19-MariaDB",
        "2026-11-22T10:00:00Z",
        "2026-11-22T10:01:00Z",
        4096,
        "crc32+crc32c:0011223344556677",
        coordinates);
  }

  /// A new volume with the clone's data, and mysqld on it.
  Pod replica() throws IOException {
    return replica("--skip-slave-start");
  }

  Pod replica(String... options) throws IOException {
    TemporaryDirectory volume = volume();
    return new Pod(volume, replicaOn(volume).options(options).start());
  }

  /// A replica whose relay logs have a disk of their own.
  Pod replicaWithSmallDisk(int mebibytes) throws IOException {
    TemporaryDirectory volume = volume();
    Path disk = Files.createDirectory(volume.path().resolve("disk"));
    return new Pod(
        volume,
        replicaOn(volume)
            .smallDisk(disk, mebibytes)
            .options("--skip-slave-start", "--relay-log=" + disk.resolve("relay"))
            .start());
  }

  private TemporaryDirectory volume() throws IOException {
    TemporaryDirectory volume = TemporaryDirectory.create("mysql-agents-volume-");
    copy(directory.path().resolve("clone"), volume.path().resolve("mysql"));
    return volume;
  }

  private DatabaseServer.Builder<MariaDbServer> replicaOn(TemporaryDirectory volume) {
    return MariaDbServer.builder()
        .address(net.pod(1))
        .port(primary.port())
        .serverId(101)
        .dataDirectory(volume.path().resolve("mysql"));
  }

  ReplicationSettings settings(PositioningChoice positioning) {
    return settings(positioning, account());
  }

  ReplicationSettings settings(PositioningChoice positioning, Account account) {
    return settings(positioning, account, Optional.empty());
  }

  /// @param tls the directory of the replica's certificate
  ReplicationSettings settings(PositioningChoice positioning, Account account, Optional<Path> tls) {
    return settings(net.podTemplate(), positioning, account, tls);
  }

  /// By GTID, with the primary at another address.
  ReplicationSettings settings(String podTemplate) {
    return settings(podTemplate, PositioningChoice.GTID, account(), Optional.empty());
  }

  private ReplicationSettings settings(
      String podTemplate, PositioningChoice positioning, Account account, Optional<Path> tls) {
    return new ReplicationSettings(
        new PeerAddresses(podTemplate, "mysql"),
        primary.port(),
        account,
        tls.map(MysqldTlsFiles::in),
        positioning);
  }

  @Override
  public void close() throws IOException {
    primary.close();
    directory.close();
    net.close();
  }

  /// Pod 1: its volume, its mysqld, and what its sidecar uses.
  final class Pod implements AutoCloseable {
    final MariaDbServer mysqld;
    final Volume volume;
    final Journal journal;
    final Server server;
    private final TemporaryDirectory directory;

    private Pod(TemporaryDirectory directory, MariaDbServer mysqld) {
      this.directory = directory;
      this.mysqld = mysqld;
      this.volume = new Volume(directory.path());
      this.journal = new Journal(volume.agent());
      this.server = new Server(mysqld.address(), mysqld.port(), account());
    }

    /// Leaves less room on the disk of its own.
    ///
    /// @return the file to be deleted
    Path fillDisk(int mebibytes) throws IOException {
      Path filler = mysqld.seenFromOutside(directory.path().resolve("disk/filler"));
      return Files.write(filler, new byte[mebibytes << 20]);
    }

    ReplicationSupervisor supervisor() {
      return supervisor(settings(PositioningChoice.AUTO));
    }

    ReplicationSupervisor supervisor(ReplicationSettings settings) {
      return supervisor(settings, server);
    }

    /// @param asked leads to this pod's mysqld
    ReplicationSupervisor supervisor(ReplicationSettings settings, Server asked) {
      ReplicationSupervisor supervisor =
          new ReplicationSupervisor(asked, journal, volume, REPLICA, settings, POLL);
      supervisor.start();
      return supervisor;
    }

    /// As if this were pod 0.
    ReplicationSupervisor supervisorOfPrimary() {
      ReplicationSupervisor supervisor =
          new ReplicationSupervisor(
              server, journal, volume, REPLICA.sibling(0), settings(PositioningChoice.AUTO), POLL);
      supervisor.start();
      return supervisor;
    }

    ReplicationSetup setup(PositioningChoice positioning, Consumer<String> steps) throws Exception {
      return new ReplicationSetup(
          Replica.of(server), journal, volume, REPLICA, settings(positioning), steps);
    }

    /// Tells the server to log in as `settings` say.
    void reconnect(ReplicationSettings settings, Consumer<String> steps) throws Exception {
      new Reconnection(Replica.of(server), journal, volume, steps)
          .make("", journal.replication().orElseThrow(), settings.primaryOf(REPLICA));
    }

    @Override
    public void close() throws IOException {
      server.close();
      try {
        mysqld.close();
      } finally {
        directory.close();
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path source, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(source)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path source, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(source, to.resolve(from.relativize(source)));
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
