package mysqlagents.sidecar.donor;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLSocketFactory;
import mysqlagents.backup.BackupTool;
import mysqlagents.backup.ToolVersion;
import mysqlagents.files.Volume;
import mysqlagents.settings.PodName;
import mysqlagents.sidecar.donor.RawClient.Answer;
import mysqlagents.sidecar.http.HttpPort;
import mysqlagents.sidecar.http.PortTls;
import mysqlagents.sidecar.replication.ReplicationState;
import mysqlagents.tls.PodTls;
import mysqlagents.wire.BackupOutcome;
import mysqlagents.wire.DonorStatus;
import mysqlagents.wire.Json;
import mysqlagents.wire.Problem;
import org.jspecify.annotations.Nullable;

/// A donor on a real port, with a shell script for a backup tool. What a script writes to `$LAB` is
/// there for the test to see; `$LAB/pid` has the script's process id.
final class TestDonor implements AutoCloseable {
  static final String SERVER_VERSION = "10.11.19-MariaDB-log";
  static final String PASSWORD = "s3cret \"#'\\ passw0rd";
  static final PodName POD = PodName.parse("mysql-1");

  /// Says what the real tools say at the end of a good run.
  static final String COMPLETED = "echo '[00] 2026-11-22 07:13:40 completed OK!' >&2; exit 0\n";

  /// How long a connection may live that gets no backup, where a test waits for its end.
  static final Duration LIFE = Duration.ofSeconds(3);

  /// When it is gone at the latest, with all that delays us on a busy machine.
  static final Duration END_OF_LIFE = LIFE.plusSeconds(20);

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

  static {
    JETTY.setLevel(Level.WARNING);
  }

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final AtomicReference<Optional<String>> serverVersion =
      new AtomicReference<>(Optional.of(SERVER_VERSION));
  final AtomicReference<ReplicationState> replication =
      new AtomicReference<>(new ReplicationState.Running(Duration.ZERO));
  final Path lab;
  final Path temporary;
  final Volume volume;
  final DonorMeters donorMeters = new DonorMeters(meters);
  final Donor donor;
  final Optional<PortTls> tls;
  private final HttpPort port;

  private TestDonor(Path root, String script, @Nullable Limits limits, @Nullable PodTls tls)
      throws Exception {
    this.tls = Optional.ofNullable(tls).map(PortTls::new);
    lab = Files.createDirectories(root.resolve("lab"));
    temporary = Files.createDirectories(root.resolve("tmp"));
    volume = new Volume(root.resolve("volume"));
    Files.createDirectories(volume.data());
    Files.write(volume.data().resolve("ibdata1"), new byte[4321]);
    Path program = program(lab, script);
    Limits given = limits == null ? Limits.WIDE : limits;
    donor =
        new Donor(
            new DonorSettings(
                POD,
                Duration.ofMinutes(10),
                given.bytesPerSecond(),
                given.stall(),
                given.lockedStall()),
            new DonorSource(
                volume, new DataSize(volume.data()), serverVersion::get, replication::get),
            List.of(
                new ToolEngine(
                    new InstalledTool(
                        program.toString(),
                        ToolVersion.in(
                                BackupTool.MARIADB_BACKUP,
                                "based on MariaDB server 10.11.19-MariaDB ")
                            .orElseThrow()),
                    ScratchHome.open(temporary, POD, volume.root()),
                    () -> ClientOptions.text("127.0.0.1", 3306, "backup", PASSWORD),
                    2)),
            donorMeters);
    port =
        HttpPort.open(
            "donor",
            "127.0.0.1",
            0,
            DonorRoutes.of(donor),
            this.tls,
            new HttpPort.Limits(64, given.life()));
  }

  /// What a test may want to be short.
  ///
  /// @param life of a connection that gets no backup
  record Limits(long bytesPerSecond, Duration stall, Duration lockedStall, Duration life) {
    static final Limits WIDE = new Limits(0, MINUTE, MINUTE);

    /// Only for tests of that life: on a busy machine it may end a client of ours, too.
    static final Limits SHORT_LIFE = new Limits(0, MINUTE, MINUTE, LIFE);

    Limits(long bytesPerSecond, Duration stall, Duration lockedStall) {
      this(bytesPerSecond, stall, lockedStall, MINUTE);
    }
  }

  /// @param script the body of a shell script that plays the backup tool
  static TestDonor start(Path root, String script) throws Exception {
    return new TestDonor(root, script, null, null);
  }

  static TestDonor start(Path root, Limits limits, String script) throws Exception {
    return new TestDonor(root, script, limits, null);
  }

  /// @param tls null for a port in the clear
  static TestDonor start(Path root, Limits limits, String script, @Nullable PodTls tls)
      throws Exception {
    return new TestDonor(root, script, limits, tls);
  }

  static Path program(Path lab, String script) throws IOException {
    Path program = lab.resolve("fake-backup");
    Files.writeString(
        program,
        "#!/bin/sh\nLAB='%s'\necho $$ > $LAB/pid\n%s".formatted(lab, script),
        StandardCharsets.UTF_8);
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  int port() {
    return port.number();
  }

  int connections() {
    return port.connections();
  }

  /// Connects, over TLS if that is what the port speaks, as another pod of the same authority.
  RawClient client() throws IOException {
    if (tls.isEmpty()) {
      return new RawClient(port());
    }
    SSLSocketFactory sockets = tls.get().certificate().context().getSocketFactory();
    return new RawClient(sockets.createSocket(InetAddress.getLoopbackAddress(), port()));
  }

  Answer get(String path, String... headers) throws IOException {
    try (RawClient client = client()) {
      client.askFor(path, headers);
      return client.readAll();
    }
  }

  Answer say(String bytes) throws IOException {
    try (RawClient client = client()) {
      client.say(bytes);
      return client.readAll();
    }
  }

  DonorStatus status() throws IOException {
    return Json.read(get("/status").text(), DonorStatus.class, "status");
  }

  BackupOutcome outcome(String id) throws IOException {
    return Json.read(get("/backups/" + id).text(), BackupOutcome.class, "outcome");
  }

  static Problem problem(Answer answer) throws IOException {
    return Json.read(answer.text(), Problem.class, "problem");
  }

  /// The tool's process; it exists as soon as the tool has begun.
  Optional<ProcessHandle> tool() throws IOException {
    return process("pid");
  }

  Optional<ProcessHandle> process(String file) throws IOException {
    Path pid = lab.resolve(file);
    if (!Files.exists(pid) || Files.size(pid) == 0) {
      return Optional.empty();
    }
    return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
        .filter(ProcessHandle::isAlive);
  }

  boolean toolHasBegun() throws IOException {
    return Files.exists(lab.resolve("pid")) && Files.size(lab.resolve("pid")) > 0;
  }

  double counter(String name, String tag, String value) {
    return meters.get(name).tag(tag, value).counter().count();
  }

  /// What the metric says of it.
  double running() {
    return meters.get("mysql.agents.backup.running").gauge().value();
  }

  /// What lies in the donor's own directory: nothing, when no backup runs.
  List<Path> scratch() throws IOException {
    try (var files = Files.walk(temporary, 2)) {
      return files.filter(path -> path.getFileName().toString().startsWith("backup-")).toList();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      donor.stop(Duration.ZERO);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the donor was stopped");
    } finally {
      port.close();
    }
  }
}
