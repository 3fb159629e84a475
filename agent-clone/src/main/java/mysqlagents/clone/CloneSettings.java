package mysqlagents.clone;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import mysqlagents.backup.ToolPrograms;
import mysqlagents.files.Volume;
import mysqlagents.settings.Env;
import mysqlagents.settings.PeerAddresses;
import mysqlagents.settings.PodName;
import mysqlagents.tls.TlsSettings;
import mysqlagents.wire.BackupProtocol;

/// Settings of agent-clone.
///
/// @param tls empty if the user has switched TLS off
/// @param listenAddress where the waiting pod answers for its own (empty) volume
/// @param timeLimit after which no new attempt begins; zero is none. One that is under way is never
///   cut: a large clone takes what it takes, and the stall limit sees to the rest
/// @param stallLimit how long a donor may leave us without a byte
/// @param prepareMemory in bytes
/// @param compression whether the stream is asked for in zstd
/// @param allowEmptyPrimary the way past law 4 for somebody who knows better
/// @param restoreFrom a file with a backup, or `-` for standard input, to be put back instead of a
///   clone
/// @param controlName a name that always resolves where name resolution works
record CloneSettings(
    PodName pod,
    Volume volume,
    PeerAddresses peers,
    Optional<TlsSettings> tls,
    int backupPort,
    String listenAddress,
    Duration timeLimit,
    Duration stallLimit,
    Duration progressInterval,
    long prepareMemory,
    boolean compression,
    boolean allowEmptyPrimary,
    Optional<String> restoreFrom,
    String controlName,
    ToolPrograms programs) {
  private static final long DAY = 86_400;

  static CloneSettings from(Map<String, String> variables) {
    return Env.parse(
        variables,
        env ->
            new CloneSettings(
                env.podName(),
                new Volume(env.path("VOLUME_DIRECTORY", "/volume").toAbsolutePath()),
                PeerAddresses.from(env),
                TlsSettings.from(env),
                env.port("BACKUP_PORT", BackupProtocol.DEFAULT_PORT),
                env.string("LISTEN_ADDRESS", "0.0.0.0"),
                // An hour of failures is more than any restart of a donor takes. Ending then shows
                // the reason in `kubectl describe pod`, and the kubelet starts us again.
                env.seconds("CLONE_TIME_LIMIT_SECONDS", 0, 30 * DAY, 3_600),
                env.seconds("STALL_LIMIT_SECONDS", 1, DAY, 60),
                env.seconds("PROGRESS_INTERVAL_SECONDS", 1, DAY, 5),
                env.integer(
                    "PREPARE_MEMORY_BYTES",
                    PrepareMemory.LEAST,
                    1L << 50,
                    PrepareMemory.ofContainer()),
                env.optional("WIRE_COMPRESSION", false, CloneSettings::isZstd),
                env.flag("ALLOW_EMPTY_PRIMARY", false),
                env.optional("RESTORE_FROM", Function.identity()),
                env.string("CONTROL_NAME", "kubernetes.default.svc"),
                ToolPrograms.from(env)));
  }

  private static boolean isZstd(String text) {
    return switch (text) {
      case "zstd" -> true;
      case "none" -> false;
      default -> throw new IllegalArgumentException("none or zstd");
    };
  }

  /// The log shows what is in force. There are no secrets among the settings.
  @Override
  public String toString() {
    return "%s on %s, peers %s, port %d, TLS %s, time limit %d s, stall limit %d s, prepare memory %d MiB%s"
        .formatted(
            pod,
            volume.root(),
            peers.template(),
            backupPort,
            tls.isPresent() ? "required" : "off",
            timeLimit.toSeconds(),
            stallLimit.toSeconds(),
            prepareMemory >> 20,
            compression ? ", zstd" : "");
  }
}
