package mysqlagents.sidecar.replication;

import java.util.Objects;
import java.util.Optional;
import mysqlagents.mysql.ReplicaStatus;
import mysqlagents.mysql.ReplicaStatus.IoThread;
import mysqlagents.mysql.ReplicationSource;
import org.jspecify.annotations.Nullable;

/// Whether a channel has to be told anew how to log in at its source.
///
/// That a password's file has changed is no reason by itself. The kubelet brings the new file to
/// each pod in its own time, before the primary has changed the account or after, and a connection
/// that stands goes on in either case. A reason is that the primary refuses what the channel says,
/// or that user or TLS are not what the settings ask for, which the server shows.
///
/// What was sent and has not helped is not sent again: the server itself tries again every few
/// seconds, which heals it once the primary has caught up with this pod's file.
final class Login {
  /// What was sent last; null once it has worked, and while that is not known.
  private @Nullable ReplicationSource sent;

  /// What was sent before is no longer known to be there.
  void forget() {
    sent = null;
  }

  void sent(ReplicationSource source) {
    sent = source;
  }

  /// @param wanted what the settings and the password's file say now
  /// @return what is wrong, and would be mended by sending `wanted`
  Optional<String> mismatch(ReplicaStatus status, ReplicationSource wanted) {
    Optional<String> mismatch = visible(status, wanted);
    if (mismatch.isEmpty()) {
      if (status.ioThread() == IoThread.RUNNING) {
        sent = null;
      } else if (ErrorGuide.isLoginRefused(status.ioError())) {
        mismatch = Optional.of("%s refused the old one".formatted(wanted));
      }
    }
    return Objects.equals(sent, wanted) ? Optional.empty() : mismatch;
  }

  private static Optional<String> visible(ReplicaStatus status, ReplicationSource wanted) {
    if (!status.user().equals(wanted.user())) {
      return Optional.of(
          "it was that of '%s', not of '%s'".formatted(status.user(), wanted.user()));
    }
    if (!status.tls().fits(wanted.tls())) {
      return Optional.of(
          wanted.tls().isPresent() ? "it was not over TLS as it is set now" : "TLS is off now");
    }
    return Optional.empty();
  }
}
