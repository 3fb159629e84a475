package mysqlagents.sidecar.donor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import mysqlagents.sidecar.http.Answers;
import mysqlagents.sidecar.http.Caller;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.Problem;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Who asked for a backup, and the connection on which it is sent.
///
/// One thread sends; another may ask [#isGone()] at any time.
final class Recipient {
  /// A recipient has nothing to say after its request; what it says nevertheless is thrown away.
  private static final int SMALL_TALK = 512;

  /// How often a blocked write looks whether its limit has changed.
  private static final long LOOK_MILLIS = 100;

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final EndPoint connection;
  private final Caller caller;

  Recipient(Request request, Response response, Callback callback) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.connection = request.getConnectionMetaData().getConnection().getEndPoint();
    this.caller = Caller.of(request);
  }

  /// Keeps the connection, however long nothing flows on it: how long a tool may be silent, and a
  /// recipient take nothing, is for the backup to decide.
  void hold() {
    caller.keep();
  }

  /// For the log: the pod's name as it says, and its address.
  String name() {
    String name = request.getHeaders().get(BackupProtocol.RECIPIENT_HEADER);
    String shown = name == null ? "" : name.replaceAll("[^A-Za-z0-9.-]", "?");
    return "%s (%s)"
        .formatted(
            shown.isEmpty() ? "somebody" : shown.substring(0, Math.min(shown.length(), 63)),
            Request.getRemoteAddr(request));
  }

  boolean takesZstd() {
    return request.getHeaders().getQualityCSV(HttpHeader.ACCEPT_ENCODING).contains("zstd");
  }

  /// Whether the recipient has closed the connection, or its sending half, or was cut off. Jetty
  /// itself would find out only at the next write, and a tool can be silent for long.
  boolean isGone() {
    try {
      return !connection.isOpen() || connection.fill(BufferUtil.allocate(SMALL_TALK)) < 0;
    } catch (IOException cutOff) {
      return true;
    }
  }

  /// What the response's head says; it is sent with the first bytes.
  void head(String header, String value) {
    response.getHeaders().put(header, value);
  }

  void head(HttpHeader header, String value) {
    response.getHeaders().put(header, value);
  }

  /// Sends bytes, and returns when all of them are with the operating system.
  ///
  /// @param stallLimit is asked again and again while the recipient does not take them
  /// @throws BackupFailedException if the recipient is gone, or has not taken them within the limit
  void send(ByteBuffer bytes, Supplier<Duration> stallLimit)
      throws BackupFailedException, InterruptedException {
    write(false, bytes, stallLimit);
  }

  /// Ends the body: only now can the recipient believe that it has all of it.
  void end(Supplier<Duration> stallLimit) throws BackupFailedException, InterruptedException {
    write(true, ByteBuffer.allocate(0), stallLimit);
    caller.release();
    callback.succeeded();
  }

  private void write(boolean last, ByteBuffer bytes, Supplier<Duration> stallLimit)
      throws BackupFailedException, InterruptedException {
    CompletableFuture<Void> written = new CompletableFuture<>();
    response.write(
        last, bytes, Callback.from(() -> written.complete(null), written::completeExceptionally));
    long begin = System.nanoTime();
    while (true) {
      try {
        written.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (ExecutionException failure) {
        throw gone(failure.getCause());
      } catch (TimeoutException _) {
        Duration limit = stallLimit.get();
        if (System.nanoTime() - begin > limit.toNanos()) {
          throw stalled(limit);
        }
      }
    }
  }

  BackupFailedException gone(@Nullable Throwable cause) {
    return new BackupFailedException(
        Ending.RECIPIENT_GONE,
        new Problem(
            "the recipient %s closed the connection".formatted(name()),
            "see the recipient's own log for why; it will ask again"),
        cause);
  }

  private BackupFailedException stalled(Duration limit) {
    return new BackupFailedException(
        Ending.RECIPIENT_STALLED,
        new Problem(
            "the recipient %s has taken nothing for %d s".formatted(name(), limit.toSeconds()),
            "look whether its disk or the network hangs; it will ask again"));
  }

  /// 503: not now.
  void refuse(Refusal reason, Problem problem) {
    answer(() -> Answers.notNow(response, callback, problem, reason.retryAfter()));
  }

  /// 500: the backup failed before anything was sent.
  void fail(Problem problem) {
    answer(
        () -> Answers.problem(response, callback, HttpStatus.INTERNAL_SERVER_ERROR_500, problem));
  }

  private void answer(Runnable send) {
    caller.release();
    response.getHeaders().clear();
    send.run();
  }

  /// Whether the head has been sent, so that nothing but a cut can tell of a failure.
  boolean hasHead() {
    return response.isCommitted();
  }

  /// Cuts the connection, so that what has been sent cannot be taken for a whole backup.
  void cut(Throwable reason) {
    // Not callback.failed() alone: before the head is sent, that would make an answer. Wrapped in
    // what Jetty does not log: we have.
    caller.cut(reason);
    callback.failed(new EofException(reason));
  }
}
