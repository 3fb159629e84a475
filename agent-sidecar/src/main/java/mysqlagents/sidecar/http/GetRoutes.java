package mysqlagents.sidecar.http;

import java.util.Map;
import mysqlagents.wire.Problem;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Passes each `GET` to what answers its path, and refuses everything else with a [Problem].
public final class GetRoutes extends Handler.Abstract {
  /// Answers a request, at once or later.
  @FunctionalInterface
  public interface Route {
    void answer(Request request, Response response, Callback callback) throws Exception;
  }

  private final Map<String, Route> routes;

  /// @param routes by path; one that ends in a slash, but for the slash alone, also takes the names
  ///   behind it
  public GetRoutes(Map<String, Route> routes) {
    this.routes = Map.copyOf(routes);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = Request.getPathInContext(request);
    Route route = routeOf(path);
    if (route == null) {
      refuse(
          response,
          callback,
          HttpStatus.NOT_FOUND_404,
          new Problem("there is no " + path + " here", "ask for one of " + sortedPaths()));
    } else if (!HttpMethod.GET.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET");
      refuse(
          response,
          callback,
          HttpStatus.METHOD_NOT_ALLOWED_405,
          new Problem(path + " cannot be asked with " + request.getMethod(), "use GET"));
    } else if (hasBody(request.getHeaders())) {
      refuse(
          response,
          callback,
          HttpStatus.BAD_REQUEST_400,
          new Problem("the request has a body", "send a GET without one"));
    } else if (request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_1) {
      // HTTP/1.0 ends a body by closing the connection, so that a client cannot tell a cut from an
      // end.
      refuse(
          response,
          callback,
          HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505,
          new Problem("the request is not HTTP/1.1", "use HTTP/1.1"));
    } else {
      route.answer(request, response, callback);
    }
    return true;
  }

  private @Nullable Route routeOf(String path) {
    Route exact = routes.get(path);
    int directory = path.lastIndexOf('/') + 1;
    return exact != null || directory <= 1 ? exact : routes.get(path.substring(0, directory));
  }

  private static boolean hasBody(HttpFields headers) {
    HttpField length = headers.getField(HttpHeader.CONTENT_LENGTH);
    return headers.contains(HttpHeader.TRANSFER_ENCODING)
        || (length != null && length.getLongValue() != 0);
  }

  private static void refuse(Response response, Callback callback, int status, Problem problem) {
    // A body that nobody reads must not be taken for the next request.
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    Answers.problem(response, callback, status, problem);
  }

  private String sortedPaths() {
    return String.join(", ", routes.keySet().stream().sorted().toList());
  }
}
