package mysqlagents.sidecar.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import mysqlagents.wire.Json;
import mysqlagents.wire.Problem;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// Whole answers, in one write each.
public final class Answers {
  private Answers() {}

  public static void json(Response response, Callback callback, int status, Object value) {
    send(response, callback, status, "application/json", Json.write(value));
  }

  public static void text(Response response, Callback callback, int status, String text) {
    send(response, callback, status, "text/plain; charset=utf-8", text);
  }

  public static void problem(Response response, Callback callback, int status, Problem problem) {
    json(response, callback, status, problem);
  }

  /// 503: the caller may ask again after `retryAfter`.
  public static void notNow(
      Response response, Callback callback, Problem problem, Duration retryAfter) {
    response.getHeaders().put(HttpHeader.RETRY_AFTER, retryAfter.toSeconds());
    problem(response, callback, HttpStatus.SERVICE_UNAVAILABLE_503, problem);
  }

  public static void send(
      Response response, Callback callback, int status, String contentType, String body) {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(body);
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.remaining());
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.write(true, bytes, callback);
  }

  /// What Jetty itself refuses, such as a request that is not HTTP, in the same form as our own
  /// refusals.
  static boolean jettyError(Request request, Response response, Callback callback) {
    Object message = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
    problem(
        response,
        callback,
        response.getStatus(),
        new Problem(
            "the request was not answered: %d %s"
                .formatted(
                    response.getStatus(),
                    message == null ? HttpStatus.getMessage(response.getStatus()) : message),
            "send a plain HTTP/1.1 GET"));
    return true;
  }
}
