package mysqlagents.sidecar;

import static java.lang.System.Logger.Level.INFO;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import mysqlagents.backup.BackupEngine;
import mysqlagents.backup.BackupTool;
import mysqlagents.journal.Journal;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.AgentMain;
import mysqlagents.main.ExitCode;
import mysqlagents.main.StopSignal;
import mysqlagents.sidecar.accounts.AccountKeeper;
import mysqlagents.sidecar.accounts.PasswordFiles;
import mysqlagents.sidecar.donor.BackupLogIn;
import mysqlagents.sidecar.donor.ClonePlugin;
import mysqlagents.sidecar.donor.DataSize;
import mysqlagents.sidecar.donor.DonationHome;
import mysqlagents.sidecar.donor.Donor;
import mysqlagents.sidecar.donor.DonorMeters;
import mysqlagents.sidecar.donor.DonorRoutes;
import mysqlagents.sidecar.donor.DonorSource;
import mysqlagents.sidecar.donor.Engine;
import mysqlagents.sidecar.donor.InstalledTool;
import mysqlagents.sidecar.donor.ScratchHome;
import mysqlagents.sidecar.donor.ToolEngine;
import mysqlagents.sidecar.http.HttpPort;
import mysqlagents.sidecar.replication.ReplicationState;
import mysqlagents.sidecar.replication.ReplicationSupervisor;
import mysqlagents.sidecar.server.Endpoint;
import mysqlagents.sidecar.server.MysqldCertificate;
import mysqlagents.sidecar.server.Server;
import org.jspecify.annotations.Nullable;

/// agent-sidecar: gives backups to the pods that follow, sets up and supervises replication,
/// answers probes and metrics; until it is told to stop.
public final class SidecarMain {
  /// The longest `GRACE_SECONDS` and what the end takes besides. Only a fault of ours takes longer.
  private static final Duration STOP_LIMIT = Duration.ofSeconds(3_600 + 30);

  private SidecarMain() {}

  public static void main(String[] args) {
    StopSignal stop = StopSignal.install(STOP_LIMIT);
    stop.exitAfter("agent-sidecar", () -> run(stop));
  }

  private static void run(StopSignal stop) throws Exception {
    SidecarSettings settings = SidecarSettings.from(System.getenv());
    settings.volume().requireMounted();
    PasswordFiles.require(settings.accounts(), settings.pod());
    try (SidecarTls tls = SidecarTls.open(settings.tls());
        Server server =
            new Server(settings.mysqlHost(), settings.mysqlPort(), settings.accounts().agent());
        ReplicationSupervisor supervisor = supervisor(settings, server);
        ScratchHome scratch = scratchHome(settings);
        MysqldCertificate _ = keepCertificate(settings, tls, server);
        AccountKeeper _ = keepAccounts(settings, server)) {
      serve(settings, tls, server, supervisor, scratch, stop);
    }
  }

  private static void serve(
      SidecarSettings settings,
      SidecarTls tls,
      Server server,
      ReplicationSupervisor supervisor,
      ScratchHome scratch,
      StopSignal stop)
      throws Exception {
    DataSize dataSize = new DataSize(settings.volume().data());
    List<Engine> engines = engines(settings, server, scratch, dataSize);
    Supplier<Optional<String>> version = () -> serverVersion(server, supervisor);
    PrometheusMeterRegistry metrics =
        SidecarMetrics.register(
            new SidecarMetrics.Source(
                version,
                supervisor::state,
                supervisor::staleness,
                supervisor::restarts,
                dataSize,
                tls.port()));
    Donor donor =
        new Donor(
            settings.donor(),
            new DonorSource(settings.volume(), dataSize, version, supervisor::state),
            engines,
            new DonorMeters(metrics));
    Readiness readiness = new Readiness(version, supervisor::state, settings.lagLimit());
    String address = settings.listenAddress();
    try (HttpPort backups =
            HttpPort.open(
                "backups",
                address,
                settings.backupPort(),
                DonorRoutes.of(donor),
                tls.port(),
                HttpPort.Limits.USUAL);
        HttpPort management =
            HttpPort.open(
                "management",
                address,
                settings.managementPort(),
                ManagementRoutes.of(settings.pod(), readiness, metrics))) {
      log(
          "%s: backups on port %d, probes and metrics on port %d"
              .formatted(settings.pod(), backups.number(), management.number()));
      supervisor.start();
      stop.await();
      log(
          "told to stop; a running backup has %d s to finish"
              .formatted(settings.grace().toSeconds()));
      readiness.stop();
      donor.stop(settings.grace());
    }
    log("stopped");
  }

  /// While the supervisor waits for mysqld, nobody else does: each would wait for seconds.
  private static Optional<String> serverVersion(Server server, ReplicationSupervisor supervisor) {
    return supervisor.state() instanceof ReplicationState.Unknown
        ? Optional.empty()
        : server.versionText();
  }

  private static ReplicationSupervisor supervisor(SidecarSettings settings, Server server) {
    return new ReplicationSupervisor(
        server,
        new Journal(settings.volume().agent()),
        settings.volume(),
        settings.pod(),
        settings.replication(),
        settings.pollInterval());
  }

  private static @Nullable MysqldCertificate keepCertificate(
      SidecarSettings settings, SidecarTls tls, Server server) {
    if (settings.tls().isEmpty()) {
      return null;
    }
    MysqldCertificate certificate =
        new MysqldCertificate(
            server, settings.mysqlHost(), settings.mysqlPort(), settings.tls().get());
    tls.watch().ifPresent(watch -> watch.onRenewal(certificate::renewed));
    certificate.start();
    return certificate;
  }

  /// What may be used, the best first: a tool needs no second copy of the data.
  private static List<Engine> engines(
      SidecarSettings settings, Server server, ScratchHome scratch, DataSize dataSize)
      throws InterruptedException {
    List<Engine> engines = new ArrayList<>();
    for (BackupEngine kind : settings.engines()) {
      Optional<BackupTool> tool = kind.tool();
      if (tool.isEmpty()) {
        engines.add(clonePlugin(settings, server, dataSize));
      } else {
        InstalledTool.find(tool.get(), settings.programs().of(tool.get()))
            .map(found -> toolEngine(settings, found, scratch))
            .ifPresent(engines::add);
      }
    }
    return engines;
  }

  private static Engine toolEngine(
      SidecarSettings settings, InstalledTool tool, ScratchHome scratch) {
    return new ToolEngine(
        tool,
        scratch,
        new BackupLogIn(endpoint(settings), settings.accounts().backup()),
        settings.backupParallel());
  }

  private static Engine clonePlugin(SidecarSettings settings, Server server, DataSize dataSize) {
    return new ClonePlugin(
        server,
        endpoint(settings),
        settings.accounts().backup(),
        DonationHome.open(settings.volume().donation()),
        dataSize);
  }

  private static Endpoint endpoint(SidecarSettings settings) {
    return new Endpoint(settings.mysqlHost(), settings.mysqlPort());
  }

  /// On the primary only, and unless the user makes the accounts.
  private static @Nullable AccountKeeper keepAccounts(SidecarSettings settings, Server server)
      throws AgentFailure {
    if (!AccountKeeper.isFor(settings.pod(), settings.accounts())) {
      return null;
    }
    AccountKeeper keeper =
        new AccountKeeper(
            settings.accounts(),
            endpoint(settings),
            settings.tls().isPresent(),
            server::isRefused,
            settings.pollInterval());
    keeper.start();
    return keeper;
  }

  private static ScratchHome scratchHome(SidecarSettings settings) throws AgentFailure {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      return ScratchHome.open(temporary, settings.pod(), settings.volume().root());
    } catch (IOException failure) {
      throw new AgentFailure(
          ExitCode.FILES,
          "cannot have a private directory in %s: %s"
              .formatted(temporary, AgentMain.withCauses(failure)),
          "mount a writable directory there, such as an emptyDir",
          failure);
    }
  }

  // Not a constant: nothing may be logged before StopSignal.install.
  private static void log(String line) {
    System.getLogger(SidecarMain.class.getName()).log(INFO, line::toString);
  }
}
