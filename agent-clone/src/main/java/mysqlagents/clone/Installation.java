package mysqlagents.clone;

import static java.lang.System.Logger.Level.INFO;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import mysqlagents.backup.BackupEngine;
import mysqlagents.backup.BackupMetadata;
import mysqlagents.backup.ReplicationCoordinates;
import mysqlagents.files.Sizes;
import mysqlagents.files.Volume;
import mysqlagents.journal.CloneManifest;
import mysqlagents.journal.Journal;
import mysqlagents.main.AgentFailure;
import mysqlagents.wire.Receipt;
import mysqlagents.xbstream.MemberDecompressor;

/// From a stream that lies in staging, whole and vouched for, to the promoted data directory.
final class Installation {
  private static final System.Logger LOG = System.getLogger(Installation.class.getName());

  /// How many members are decompressed at a time; the disk is busy with fewer than this.
  private static final int THREADS = Math.min(4, Runtime.getRuntime().availableProcessors());

  private final Volume volume;
  private final Staging staging;
  private final Journal journal;
  private final Preparation preparation;

  Installation(CloneSettings settings, Staging staging, Journal journal) {
    this.volume = settings.volume();
    this.staging = staging;
    this.journal = journal;
    this.preparation =
        new Preparation(
            settings.programs()::of, settings.prepareMemory(), settings.progressInterval());
  }

  /// @param members what was received, by name
  /// @param stages are told of each step
  CloneManifest run(Receipt receipt, Set<String> members, Stages stages, String startedAt)
      throws IOException, AgentFailure, InterruptedException {
    BackupEngine engine = BackupEngine.named(receipt.tool());
    if (engine == BackupEngine.CLONE_PLUGIN) {
      DonationCheck.requireWhole(staging.directory(), members, receipt.donor());
    }
    stages.ended("receive");
    LOG.log(
        INFO,
        () ->
            "received and verified %s%s"
                .formatted(
                    Sizes.text(receipt.bytes()),
                    engine.tool().isPresent() ? ", preparing it" : ""));
    new MemberDecompressor(staging.directory(), THREADS).decompress(members);
    stages.ended("decompress");
    preparation.run(engine, staging.directory());
    stages.ended("prepare");
    CloneManifest manifest = manifest(receipt, startedAt);
    Promotion.promote(volume, journal, manifest, stages);
    return manifest;
  }

  private CloneManifest manifest(Receipt receipt, String startedAt) throws IOException {
    Optional<ReplicationCoordinates> coordinates = BackupMetadata.read(staging.directory());
    return new CloneManifest(
        receipt.backupId(),
        receipt.donor(),
        receipt.serverVersion(),
        receipt.tool(),
        receipt.toolVersion(),
        startedAt,
        now(),
        receipt.bytes(),
        receipt.digest(),
        coordinates.orElse(null));
  }

  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
