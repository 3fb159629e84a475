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
import mysqlagents.settings.PodName;
import mysqlagents.wire.Receipt;
import mysqlagents.xbstream.MemberDecompressor;

/// From a stream that lies in staging, whole and vouched for, to the promoted data directory.
final class Installation {
  private static final System.Logger LOG = System.getLogger(Installation.class.getName());

  /// How many members are decompressed at a time; the disk is busy with fewer than this.
  private static final int THREADS = Math.min(4, Runtime.getRuntime().availableProcessors());

  private final PodName pod;
  private final Volume volume;
  private final Staging staging;
  private final Journal journal;
  private final Preparation preparation;

  Installation(CloneSettings settings, Staging staging, Journal journal) {
    this.pod = settings.pod();
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
    // Before the long work: what is wrong with it is wrong for good.
    Optional<ReplicationCoordinates> coordinates = coordinates(engine, receipt.donor());
    preparation.run(engine, staging.directory());
    stages.ended("prepare");
    CloneManifest manifest = manifest(receipt, coordinates, startedAt);
    Promotion.promote(volume, journal, manifest, stages);
    return manifest;
  }

  /// Law 3. Which of the two places counts is for the donor's ordinal to say, not for its server: a
  /// mysql-0 that was made from a replica's data still knows the primary of then.
  private Optional<ReplicationCoordinates> coordinates(BackupEngine engine, String donor)
      throws IOException {
    if (pod.isPrimary() || engine.tool().isEmpty()) {
      // The primary follows nobody, and a copy by the plugin has its place inside.
      return Optional.empty();
    }
    if (PodName.parse(donor).isPrimary()) {
      return BackupMetadata.ofPrimary(staging.directory());
    }
    Optional<ReplicationCoordinates> place = BackupMetadata.ofReplica(staging.directory());
    if (place.isEmpty()) {
      throw new UnfitDonorException(
          "the backup of %s does not say where %s stands in its primary's history"
              .formatted(donor, donor),
          "see SHOW REPLICA STATUS on %s: it has to follow %s".formatted(donor, pod.sibling(0)));
    }
    return place;
  }

  private static CloneManifest manifest(
      Receipt receipt, Optional<ReplicationCoordinates> coordinates, String startedAt) {
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
