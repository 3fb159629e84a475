package mysqlagents.tls;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/// A connection that TLS did not let come about, or broke, in a sentence about the other side that
/// a person can act on.
public final class TlsException extends IOException {
  private static final long serialVersionUID = 1;

  private static final Pattern ALERT = Pattern.compile("(?:Received fatal alert: )(\\w+)");

  /// The JDK's own words are kept for a stack trace. They are no cause: messages are printed with
  /// their causes, and these say the same in other words.
  private TlsException(String sentence, IOException original) {
    super(sentence);
    addSuppressed(original);
  }

  /// For a connection that ends before the other side has said anything. In TLS 1.3 a client learns
  /// what the server thinks of its certificate only then, and where the connection is reset it does
  /// not learn even that.
  public static TlsException afterTheHandshake(IOException failure) {
    return new TlsException(
        "it ended the connection right after the TLS handshake (%s): it may refuse this pod's certificate, and its log says why"
            .formatted(failure.getMessage()),
        failure);
  }

  /// What a failed handshake means, for either side of it.
  public static TlsException explaining(IOException failure) {
    return new TlsException(sentence(failure), failure);
  }

  private static String sentence(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof Distrust) {
        return String.valueOf(cause.getMessage());
      }
    }
    String text = String.valueOf(failure.getMessage());
    if (failure instanceof SSLException) {
      Matcher alert = ALERT.matcher(text);
      return alert.find() ? ofAlert(alert.group(1)) : ofOwn(text);
    }
    if (failure instanceof SocketTimeoutException) {
      return "it does not answer in TLS (%s): does it run with TLS=off?".formatted(text);
    }
    return failure instanceof EOFException
        ? "it closed the connection during the TLS handshake: does it run with TLS=off?"
        : "the connection broke during the TLS handshake (%s)".formatted(text);
  }

  /// What the other side has said.
  private static String ofAlert(String alert) {
    return switch (alert) {
      case "certificate_required" ->
          "it requires a certificate of an authority in its ca.crt, and this pod has none (alert %s)"
              .formatted(alert);
      case "bad_certificate",
          "unsupported_certificate",
          "certificate_revoked",
          "certificate_expired",
          "certificate_unknown",
          "unknown_ca",
          "access_denied" ->
          "it refuses this pod's certificate (alert %s): see that its ca.crt has this pod's authority, that its TLS_ALLOWED_SUBJECTS, if set, has this pod's subject, and what its log says"
              .formatted(alert);
      case "protocol_version" ->
          "it has no version of TLS in common with this pod, which speaks 1.3 and 1.2 (alert %s)"
              .formatted(alert);
      case "handshake_failure" ->
          "it cannot agree with this pod on how to encrypt, or lacks a certificate of this pod (alert %s): its log may say more"
              .formatted(alert);
      default -> "it ended the TLS connection (alert %s): its log may say more".formatted(alert);
    };
  }

  /// What this side has found.
  private static String ofOwn(String text) {
    if (text.contains("Unsupported or unrecognized SSL message")
        || text.contains("plaintext connection")) {
      return "it does not speak TLS: does it run with TLS=off?";
    }
    if (text.contains("Empty client certificate chain")) {
      return "it shows no certificate of an authority in this pod's ca.crt";
    }
    if (text.contains("The client supported protocol versions")
        || text.contains("The server selected protocol version")
        || text.contains("is not enabled or supported")) {
      return "it has no version of TLS in common with this pod, which speaks 1.3 and 1.2";
    }
    return "the TLS connection failed (%s)".formatted(text);
  }
}
