package mysqlagents.clone;

import static java.lang.System.Logger.Level.INFO;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import mysqlagents.backup.BackupEngine;
import mysqlagents.backup.MetadataException;
import mysqlagents.journal.CloneManifest;
import mysqlagents.journal.Journal;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.AgentMain;
import mysqlagents.main.ExitCode;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.Receipt;
import mysqlagents.xbstream.ReceivedStream;
import mysqlagents.xbstream.StreamDialect;
import mysqlagents.xbstream.StreamReceiver;

/// Puts a backup back that was saved to a file, such as `curl` saves it from port 3307. It is
/// believed for the same reasons as a donor's (law 2), and takes the place of nothing (law 5).
final class Restoration {
  /// Instead of a file's name: standard input.
  static final String STANDARD_INPUT = "-";

  private static final System.Logger LOG = System.getLogger(Restoration.class.getName());

  private final CloneSettings settings;
  private final Staging staging;
  private final Journal journal;

  Restoration(CloneSettings settings, Staging staging, Journal journal) {
    this.settings = settings;
    this.staging = staging;
    this.journal = journal;
  }

  /// Staging is emptied before anything else.
  ///
  /// @throws AgentFailure if `source` lies there
  static void requireElsewhere(String source, Staging staging) throws AgentFailure, IOException {
    Path directory = staging.directory();
    if (source.equals(STANDARD_INPUT)
        || !Files.exists(Path.of(source))
        || !Files.exists(directory)) {
      return;
    }
    if (Path.of(source).toRealPath().startsWith(directory.toRealPath())) {
      throw new AgentFailure(
          ExitCode.MISCONFIGURED,
          "RESTORE_FROM is %s, and %s is where agent-clone works and clears away what it finds"
              .formatted(source, directory),
          "move the file out of there; nothing has been touched");
    }
  }

  /// @param source a file, or [#STANDARD_INPUT]
  CloneResult run(String source) throws AgentFailure, IOException, InterruptedException {
    if (settings.volume().holdsData()) {
      throw new AgentFailure(
          ExitCode.REFUSED,
          "%s holds data, and a backup takes the place of none".formatted(settings.volume().data()),
          "move the data directory away, to a name beside it; delete it when all is well");
    }
    // Without data nothing in the journal can be true.
    journal.clear();
    try {
      return restored(source);
    } catch (Exception failure) {
      staging.removeAfter(failure);
      throw failure;
    }
  }

  private CloneResult restored(String source)
      throws AgentFailure, IOException, InterruptedException {
    try {
      return restore(source);
    } catch (DonorException failure) {
      throw new AgentFailure(
          ExitCode.FAILED,
          "%s: %s".formatted(name(source), failure.getMessage()),
          failure.remedy());
    } catch (MetadataException failure) {
      throw new AgentFailure(
          ExitCode.FAILED,
          "%s does not tell its place in the primary's history: %s"
              .formatted(name(source), failure.getMessage()),
          "put it into %s, which needs none; replicas clone themselves from there"
              .formatted(settings.pod().sibling(0)),
          failure);
    } catch (FileSystemException failure) {
      throw failure;
    } catch (IOException failure) {
      throw new AgentFailure(
          ExitCode.FAILED,
          "%s is not a whole backup: %s".formatted(name(source), AgentMain.withCauses(failure)),
          "take another file; one that curl saved is whole if curl ended with exit code 0",
          failure);
    }
  }

  private CloneResult restore(String source)
      throws IOException, AgentFailure, InterruptedException {
    String startedAt = Installation.now();
    Stages stages = new Stages();
    LOG.log(INFO, () -> "restoring from " + name(source));
    staging.create();
    ReceivedStream stream = unpack(source);
    Receipt receipt = Completeness.verify(stream, name(source));
    new LocalTools(settings.programs()::of)
        .requireFit(receipt.donor(), BackupEngine.named(receipt.tool()), receipt.toolVersion());
    CloneManifest manifest =
        new Installation(settings, staging, journal)
            .run(receipt, stream.members(), stages, startedAt);
    return CloneResult.restored(settings.pod(), manifest, stages);
  }

  private ReceivedStream unpack(String source) throws IOException {
    StreamReceiver receiver =
        new StreamReceiver(
            staging.directory(),
            StreamReceiver.Options.of(StreamDialect.DETECT, BackupProtocol.RECEIPT_MEMBER));
    try (ReadableByteChannel channel = open(source);
        Progress _ =
            Progress.ofTransfer(
                settings.progressInterval(),
                name(source),
                size(channel),
                receiver::bytesReceived)) {
      return receiver.receive(channel);
    }
  }

  private static ReadableByteChannel open(String source) throws IOException {
    return source.equals(STANDARD_INPUT)
        ? Channels.newChannel(System.in)
        : FileChannel.open(Path.of(source));
  }

  /// 0 where that is not known.
  private static long size(ReadableByteChannel channel) throws IOException {
    return channel instanceof FileChannel file ? file.size() : 0;
  }

  private static String name(String source) {
    return source.equals(STANDARD_INPUT) ? "standard input" : source;
  }
}
