package mysqlagents.sidecar.donor;

import static java.lang.System.Logger.Level.DEBUG;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import mysqlagents.sidecar.donor.Fitness.Fit;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.Json;
import mysqlagents.wire.Problem;
import mysqlagents.wire.Receipt;
import mysqlagents.xbstream.StreamDigest;
import mysqlagents.xbstream.XbstreamWriter;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/// One backup: from the tool's start to the receipt.
///
/// The head of the response waits for the tool's first bytes, so that what fails early is answered
/// with an error. Afterwards the only clean end is [#run]'s return; whoever gets an exception from
/// it must cut the connection.
final class Backup {
  private static final System.Logger LOG = System.getLogger(Backup.class.getName());

  /// How often the recipient is looked after. This is how long a tool may work for nobody.
  private static final Duration WATCH_INTERVAL = Duration.ofMillis(250);

  private final String id;
  private final Fit fit;
  private final DonorSettings settings;
  private final Recipient recipient;
  private final DonorMeters meters;
  private final StreamDigest digest = new StreamDigest();

  /// Why the backup is to end early; the first reason counts.
  private final AtomicReference<@Nullable BackupFailedException> reason = new AtomicReference<>();

  private volatile @Nullable ToolRun tool;
  private volatile long bytes;
  private volatile Duration throttled = Duration.ZERO;

  Backup(String id, Fit fit, DonorSettings settings, Recipient recipient, DonorMeters meters) {
    this.id = id;
    this.fit = fit;
    this.settings = settings;
    this.recipient = recipient;
    this.meters = meters;
  }

  String id() {
    return id;
  }

  /// How much of the stream has been sent, in bytes, before compression.
  long bytes() {
    return bytes;
  }

  /// How long the throttle held the backup back.
  Duration throttled() {
    return throttled;
  }

  /// Streams the backup and its receipt; the body is not ended.
  void run(ScratchHome home, ClientOptions options, long dataBytes)
      throws BackupFailedException, InterruptedException {
    try (Scratch scratch = home.create(id, options.read());
        ToolRun run = ToolRun.start(fit.tool(), scratch, settings.parallel())) {
      tool = run;
      Thread watch = Thread.ofPlatform().daemon().name("watch " + id).start(() -> watch(run));
      try {
        stream(run, scratch, dataBytes);
      } finally {
        watch.interrupt();
      }
    } catch (BackupFailedException failure) {
      // A tool that we killed fails, too; what counts is why we did.
      BackupFailedException cause = reason.get();
      throw cause == null ? failure : cause;
    } catch (IOException failure) {
      BackupFailedException cause = reason.get();
      throw cause == null ? ours(failure) : cause;
    }
  }

  /// Ends the backup early, from any thread: kills the tool, so that [#run] fails with `why`.
  void cut(BackupFailedException why) {
    reason.compareAndSet(null, why);
    // Where there is no tool yet, the watch kills it.
    ToolRun run = tool;
    if (run != null) {
      run.kill();
    }
  }

  private void watch(ToolRun run) {
    try {
      while (reason.get() == null) {
        Thread.sleep(WATCH_INTERVAL);
        if (recipient.isGone()) {
          reason.compareAndSet(null, recipient.gone(new IOException("end of the connection")));
        }
      }
      run.kill();
    } catch (InterruptedException _) {
      // The backup has ended.
    }
  }

  private void stream(ToolRun run, Scratch scratch, long dataBytes)
      throws BackupFailedException, InterruptedException, IOException {
    InputStream stream = run.stream();
    byte[] buffer = new byte[Body.PIECE];
    int length = stream.read(buffer);
    if (length < 0) {
      run.requireSuccess();
      throw run.failed("sent nothing");
    }
    scratch.forgetPassword();
    BooleanSupplier hurry = () -> run.isLocked() || reason.get() != null;
    Throttle throttle = new Throttle(settings.bytesPerSecond(), hurry);
    try (Body body = body(run, dataBytes)) {
      for (; length >= 0; length = stream.read(buffer)) {
        throttle.spend(length);
        throttled = throttle.waited();
        digest.update(buffer, 0, length);
        body.send(buffer, length);
        meters.sent(length);
        bytes = digest.bytes();
      }
      run.requireSuccess();
      byte[] receipt = receipt();
      body.send(receipt, receipt.length);
      body.finish();
    }
  }

  private Body body(ToolRun run, long dataBytes) {
    recipient.head(HttpHeader.CONTENT_TYPE, BackupProtocol.STREAM_CONTENT_TYPE);
    recipient.head(HttpHeader.CACHE_CONTROL, "no-store");
    recipient.head(HttpHeader.CONNECTION, "close");
    // Asked for in words: on a connection that is to be closed, Jetty would leave the chunks out
    // and
    // end the body by closing, which looks the same as a cut.
    recipient.head(HttpHeader.TRANSFER_ENCODING, "chunked");
    recipient.head(BackupProtocol.VERSION_HEADER, Integer.toString(BackupProtocol.VERSION));
    recipient.head(BackupProtocol.ID_HEADER, id);
    recipient.head(BackupProtocol.TOOL_HEADER, fit.tool().version().tool().program());
    recipient.head(BackupProtocol.TOOL_VERSION_HEADER, fit.tool().version().text());
    recipient.head(BackupProtocol.SIZE_HEADER, Long.toString(dataBytes));
    if (!recipient.takesZstd()) {
      return new Body.Plain(recipient, () -> stallLimit(run));
    }
    recipient.head(HttpHeader.CONTENT_ENCODING, "zstd");
    return new Body.Zstd(recipient, () -> stallLimit(run));
  }

  private Duration stallLimit(ToolRun run) {
    return run.isLocked() ? settings.lockedStallLimit() : settings.stallLimit();
  }

  private byte[] receipt() throws IOException {
    ByteArrayOutputStream member = new ByteArrayOutputStream();
    Receipt receipt =
        new Receipt(
            Receipt.LAYOUT,
            id,
            settings.pod().toString(),
            fit.tool().version().tool().program(),
            fit.tool().version().text(),
            fit.serverVersion(),
            0,
            digest.bytes(),
            digest.value());
    new XbstreamWriter(member)
        .member(
            BackupProtocol.RECEIPT_MEMBER, Json.write(receipt).getBytes(StandardCharsets.UTF_8));
    LOG.log(DEBUG, () -> "backup %s: %s".formatted(id, receipt));
    return member.toByteArray();
  }

  private BackupFailedException ours(IOException failure) {
    return new BackupFailedException(
        Ending.TOOL_FAILED,
        new Problem(
            "%s cannot run a backup: %s".formatted(settings.pod(), failure.getMessage()),
            "look at the temporary directory and the password file of its agent-sidecar container"),
        failure);
  }
}
