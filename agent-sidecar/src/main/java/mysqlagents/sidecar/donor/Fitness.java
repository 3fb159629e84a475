package mysqlagents.sidecar.donor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import mysqlagents.mysql.ServerVersion;
import mysqlagents.settings.PodName;
import mysqlagents.sidecar.replication.ReplicationState;
import mysqlagents.wire.Problem;

/// Whether this pod can give a backup that is worth having.
sealed interface Fitness {
  /// @param serverVersion as `SELECT VERSION()` gives it
  record Fit(String serverVersion, Engine engine) implements Fitness {}

  record Unfit(Refusal reason, Problem problem) implements Fitness {}

  /// @param serverVersion as `SELECT VERSION()` gives it; empty while mysqld does not answer
  /// @param lagLimit the oldest data that a replica gives away
  static Fitness judge(
      PodName pod,
      Optional<String> serverVersion,
      List<Engine> engines,
      ReplicationState replication,
      Duration lagLimit) {
    if (serverVersion.isEmpty()) {
      return new Unfit(
          Refusal.SERVER_DOWN,
          new Problem(
              replication instanceof ReplicationState.Unknown(String why)
                  ? "mysqld on %s cannot be asked: %s".formatted(pod, why)
                  : "mysqld on %s does not answer".formatted(pod),
              "wait for it, or look at the log of its mysqld container"));
    }
    String version = serverVersion.get();
    Optional<Engine> engine = fitting(engines, version);
    if (engine.isEmpty()) {
      return new Unfit(Refusal.NO_TOOL, noTool(pod, version, engines));
    }
    if (!replication.isReady(lagLimit)) {
      return new Unfit(Refusal.STALE, stale(pod, replication, lagLimit));
    }
    return new Fit(version, engine.get());
  }

  private static Problem noTool(PodName pod, String version, List<Engine> engines) {
    return new Problem(
        "%s has no backup tool for its server %s; it has %s"
            .formatted(
                pod,
                version,
                engines.isEmpty()
                    ? "none"
                    : String.join(
                        ", ", engines.stream().map(engine -> engine.name(version)).toList())),
        "give the agent-sidecar container the mariadb-backup or xtrabackup of the server's series;"
            + " MySQL from 8.0.17 on needs neither, where BACKUP_ENGINE allows clone-plugin");
  }

  /// The first that fits a server; of engines that do not, none.
  static Optional<Engine> fitting(List<Engine> engines, String serverVersion) {
    try {
      ServerVersion version = ServerVersion.parse(serverVersion);
      return engines.stream().filter(engine -> engine.fits(version)).findFirst();
    } catch (IllegalArgumentException notAVersion) {
      return Optional.empty();
    }
  }

  private static Problem stale(PodName pod, ReplicationState replication, Duration lagLimit) {
    String remedy = "clone from another pod, or wait until %s has caught up".formatted(pod);
    return switch (replication) {
      case ReplicationState.Running(Duration lag) ->
          new Problem(
              "%s is %d s behind its primary; it donates up to %d s"
                  .formatted(pod, lag.toSeconds(), lagLimit.toSeconds()),
              remedy);
      case ReplicationState.Connecting(Optional<Duration> staleness, String problem) ->
          new Problem(
              "%s does not reach its primary, and its data is %s old: %s"
                  .formatted(
                      pod,
                      staleness.map(age -> age.toSeconds() + " s").orElse("nobody knows how"),
                      problem),
              remedy);
      case ReplicationState.Unknown(String why) ->
          new Problem("the replication of %s is not known: %s".formatted(pod, why), remedy);
      case ReplicationState.Unconfigured(String problem, String own) -> new Problem(problem, own);
      case ReplicationState.Stopped(String problem, String own) -> new Problem(problem, own);
      case ReplicationState.Broken(int _, String problem, String own) -> new Problem(problem, own);
      case ReplicationState.Primary() ->
          throw new IllegalStateException("a primary is never stale");
    };
  }
}
