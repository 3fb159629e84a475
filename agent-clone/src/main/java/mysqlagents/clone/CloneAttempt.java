package mysqlagents.clone;

import static java.lang.System.Logger.Level.INFO;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import java.util.Set;
import mysqlagents.backup.MetadataException;
import mysqlagents.files.Sizes;
import mysqlagents.files.Volume;
import mysqlagents.journal.CloneManifest;
import mysqlagents.journal.Journal;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.AgentMain;
import mysqlagents.main.ExitCode;
import mysqlagents.settings.PodName;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.Problem;
import mysqlagents.wire.Receipt;
import mysqlagents.xbstream.ReceivedStream;
import mysqlagents.xbstream.StreamReceiver;

/// One try to get a clone from one donor, from the first byte to the promoted data directory.
final class CloneAttempt {
  private static final System.Logger LOG = System.getLogger(CloneAttempt.class.getName());

  /// A stream that lies in staging, whole and vouched for.
  private record Received(Receipt receipt, Set<String> members) {}

  private final CloneSettings settings;
  private final Network network;
  private final Volume volume;
  private final Staging staging;
  private final LocalTools tools;
  private final Installation installation;

  CloneAttempt(CloneSettings settings, Network network, Staging staging, Journal journal) {
    this.settings = settings;
    this.network = network;
    this.volume = settings.volume();
    this.staging = staging;
    this.tools = new LocalTools(settings.programs()::of);
    this.installation = new Installation(settings, staging, journal);
  }

  /// @throws DonorException if nothing came of it and another donor, or another time, may be better
  /// @throws AgentFailure if no other attempt can do better
  CloneResult run(PodName pod) throws DonorException, AgentFailure, InterruptedException {
    network.refresh();
    Donor donor = new Donor(pod, settings.peers().hostOf(pod), network, settings.stallLimit());
    try {
      return run(donor);
    } catch (Exception failure) {
      staging.removeAfter(failure);
      throw failure;
    }
  }

  private CloneResult run(Donor donor) throws DonorException, AgentFailure, InterruptedException {
    try {
      return copy(donor);
    } catch (DonorException failure) {
      throw failure;
    } catch (MetadataException failure) {
      throw new UnfitDonorException(
          "the backup of %s does not tell its place in the primary's history: %s"
              .formatted(donor.pod(), failure.getMessage()),
          "see SHOW REPLICA STATUS on %s: it may have one source only, %s"
              .formatted(donor.pod(), settings.pod().sibling(0)));
    } catch (FileSystemException failure) {
      throw localFailure(failure);
    } catch (IOException failure) {
      throw new DonorException(
          "%s: %s".formatted(donor.pod(), AgentMain.withCauses(failure)),
          "see that %s runs and that its sidecar listens on port %d; its log may say more"
              .formatted(donor.pod(), settings.backupPort()),
          failure);
    }
  }

  private CloneResult copy(Donor donor) throws IOException, AgentFailure, InterruptedException {
    String startedAt = Installation.now();
    Stages stages = new Stages();
    Received received = receive(donor);
    CloneManifest manifest =
        installation.run(received.receipt(), received.members(), stages, startedAt);
    return CloneResult.cloned(settings.pod(), manifest, stages);
  }

  private Received receive(Donor donor) throws IOException, AgentFailure, InterruptedException {
    try (Backup backup = donor.requestBackup(settings.pod(), settings.compression())) {
      tools.requireFit(backup.donor(), backup.engine(), backup.toolVersion());
      FreeSpace.require(volume.root(), backup.size(), backup.donor());
      LOG.log(
          INFO,
          () ->
              "receiving backup %s of %s, about %s, by %s %s%s"
                  .formatted(
                      backup.id(),
                      backup.donor(),
                      Sizes.text(backup.size()),
                      backup.engine().word(),
                      backup.toolVersion(),
                      backup.engine().tool().isPresent()
                          ? ""
                          : "; its mysqld first copies the data on its own disk"));
      staging.create();
      ReceivedStream stream = unpack(donor, backup);
      return new Received(Completeness.verify(stream, backup), stream.members());
    }
  }

  private ReceivedStream unpack(Donor donor, Backup backup)
      throws IOException, InterruptedException {
    StreamReceiver receiver =
        new StreamReceiver(
            staging.directory(),
            StreamReceiver.Options.of(backup.engine().dialect(), BackupProtocol.RECEIPT_MEMBER));
    try (Progress _ =
        Progress.ofTransfer(
            settings.progressInterval(), backup.donor(), backup.size(), receiver::bytesReceived)) {
      return receiver.receive(backup.stream());
    } catch (FileSystemException failure) {
      throw failure;
    } catch (IOException failure) {
      throw cut(donor, backup, receiver.bytesReceived(), failure);
    }
  }

  /// What the donor says of it comes first: it knows the reason, and we see only the consequence.
  private static DonorException cut(Donor donor, Backup backup, long received, IOException failure)
      throws InterruptedException {
    String here =
        "the backup of %s broke off after %s: %s"
            .formatted(backup.donor(), Sizes.text(received), AgentMain.withCauses(failure));
    Optional<Problem> there = donor.problemOf(backup.id());
    return there.isEmpty()
        ? new DonorException(
            here, "look at the log of %s's sidecar".formatted(backup.donor()), failure)
        : new DonorException(
            "%s says: %s (%s)".formatted(backup.donor(), there.get().problem(), here),
            there.get().remedy(),
            failure);
  }

  private AgentFailure localFailure(FileSystemException failure) {
    return new AgentFailure(
        ExitCode.FILES,
        "cannot keep the clone: " + AgentMain.withCauses(failure),
        "see that %s has space left and can be written by this container's user"
            .formatted(volume.root()),
        failure);
  }
}
