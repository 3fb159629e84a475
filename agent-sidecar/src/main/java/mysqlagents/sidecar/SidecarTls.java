package mysqlagents.sidecar;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.util.Optional;
import mysqlagents.main.AgentFailure;
import mysqlagents.sidecar.http.PortTls;
import mysqlagents.tls.PodTls;
import mysqlagents.tls.TlsSettings;
import mysqlagents.tls.TlsWatch;

/// The pod's certificate as long as the sidecar runs, and the watch over it.
///
/// @param port empty if the user has switched TLS off, and `watch` then, too
record SidecarTls(Optional<PortTls> port, Optional<TlsWatch> watch) implements AutoCloseable {
  /// @throws AgentFailure if TLS is wanted and the certificate is of no use
  static SidecarTls open(Optional<TlsSettings> settings) throws AgentFailure {
    if (settings.isEmpty()) {
      System.getLogger(SidecarTls.class.getName())
          .log(
              WARNING, () -> "TLS=off: whoever reaches the backup port gets a backup, unencrypted");
      return new SidecarTls(Optional.empty(), Optional.empty());
    }
    PodTls tls = PodTls.load(settings.get());
    System.getLogger(SidecarTls.class.getName())
        .log(
            INFO,
            () ->
                "TLS: %s, valid until %s; admitted is %s"
                    .formatted(tls.subject(), tls.expiresAt(), settings.get().allowedSubjects()));
    return new SidecarTls(
        Optional.of(new PortTls(tls)), Optional.of(TlsWatch.start(tls, TlsWatch.INTERVAL)));
  }

  @Override
  public void close() {
    watch.ifPresent(TlsWatch::close);
  }
}
