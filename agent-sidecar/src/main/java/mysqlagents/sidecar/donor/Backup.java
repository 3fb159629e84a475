package mysqlagents.sidecar.donor;

import static java.lang.System.Logger.Level.DEBUG;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import mysqlagents.sidecar.donor.Fitness.Fit;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.Json;
import mysqlagents.wire.Problem;
import mysqlagents.wire.Receipt;
import mysqlagents.xbstream.StreamDigest;
import mysqlagents.xbstream.XbstreamWriter;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/// One backup: from its begin to the receipt.
///
/// The head of the response waits for the first bytes, so that what fails early is answered with an
/// error. Afterwards the only clean end is [#run]'s return; whoever gets an exception from it must
/// cut the connection.
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

  private volatile @Nullable BackupRun run;
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
  void run(long dataBytes) throws BackupFailedException, InterruptedException {
    try (BackupRun begun = fit.engine().begin(id)) {
      run = begun;
      Thread watch = Thread.ofPlatform().daemon().name("watch " + id).start(() -> watch(begun));
      try {
        stream(begun, dataBytes);
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

  /// Ends the backup early, from any thread: kills what takes it, so that [#run] fails with `why`.
  void cut(BackupFailedException why) {
    reason.compareAndSet(null, why);
    // Where there is none yet, the watch kills it.
    BackupRun begun = run;
    if (begun != null) {
      begun.kill();
    }
  }

  private void watch(BackupRun run) {
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

  private void stream(BackupRun run, long dataBytes)
      throws BackupFailedException, InterruptedException, IOException {
    try (Outflow outflow = new Outflow(run, dataBytes)) {
      run.writeTo(outflow);
      outflow.finish(receipt());
    }
  }

  /// The stream's way out. The response's head goes with the first bytes.
  private final class Outflow implements Sink, AutoCloseable {
    private final BackupRun run;
    private final long dataBytes;
    private final Throttle throttle;
    private @Nullable Body body;

    Outflow(BackupRun run, long dataBytes) {
      this.run = run;
      this.dataBytes = dataBytes;
      this.throttle =
          new Throttle(settings.bytesPerSecond(), () -> run.isLocked() || reason.get() != null);
    }

    @Override
    public void send(ByteBuffer bytes) throws BackupFailedException, InterruptedException {
      int length = bytes.remaining();
      throttle.spend(length);
      throttled = throttle.waited();
      digest.update(bytes);
      body().send(bytes);
      meters.sent(length);
      Backup.this.bytes = digest.bytes();
    }

    @Override
    public void flush() throws BackupFailedException, InterruptedException {
      body().flush();
    }

    void finish(byte[] receipt) throws BackupFailedException, InterruptedException {
      body().send(ByteBuffer.wrap(receipt));
      body().finish();
    }

    private Body body() {
      Body begun = body;
      if (begun == null) {
        begun = Backup.this.body(run, dataBytes);
        body = begun;
      }
      return begun;
    }

    @Override
    public void close() {
      if (body != null) {
        body.close();
      }
    }
  }

  private Body body(BackupRun run, long dataBytes) {
    recipient.head(HttpHeader.CONTENT_TYPE, BackupProtocol.STREAM_CONTENT_TYPE);
    recipient.head(HttpHeader.CACHE_CONTROL, "no-store");
    recipient.head(HttpHeader.CONNECTION, "close");
    // Asked for in words: on a connection that is to be closed, Jetty would leave the chunks out
    // and
    // end the body by closing, which looks the same as a cut.
    recipient.head(HttpHeader.TRANSFER_ENCODING, "chunked");
    recipient.head(BackupProtocol.VERSION_HEADER, Integer.toString(BackupProtocol.VERSION));
    recipient.head(BackupProtocol.ID_HEADER, id);
    recipient.head(BackupProtocol.TOOL_HEADER, fit.engine().kind().word());
    recipient.head(BackupProtocol.TOOL_VERSION_HEADER, fit.engine().version(fit.serverVersion()));
    recipient.head(BackupProtocol.SIZE_HEADER, Long.toString(dataBytes));
    if (!recipient.takesZstd()) {
      return new Body.Plain(recipient, () -> stallLimit(run));
    }
    recipient.head(HttpHeader.CONTENT_ENCODING, "zstd");
    return new Body.Zstd(recipient, () -> stallLimit(run));
  }

  private Duration stallLimit(BackupRun run) {
    return run.isLocked() ? settings.lockedStallLimit() : settings.stallLimit();
  }

  private byte[] receipt() throws IOException {
    ByteArrayOutputStream member = new ByteArrayOutputStream();
    Receipt receipt =
        new Receipt(
            Receipt.LAYOUT,
            id,
            settings.pod().toString(),
            fit.engine().kind().word(),
            fit.engine().version(fit.serverVersion()),
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
            fit.engine().remedy()),
        failure);
  }
}
