package mysqlagents.tls;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import mysqlagents.main.AgentFailure;

/// A pod's side of mutual TLS, as server and as client, with one certificate for both.
///
/// Renewed files are taken as a whole or not at all, by one assignment: each connection is made
/// with what was in force when it began, and goes on with that.
public final class PodTls {
  private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

  /// What connections are made of.
  ///
  /// @param files that it was made of
  private record State(PemFiles files, Identity identity, SSLContext context) {}

  private final TlsSettings settings;
  private final InstantSource clock;
  private final SSLContext current;
  private volatile State state;

  private PodTls(TlsSettings settings, InstantSource clock) throws AgentFailure {
    this.settings = settings;
    this.clock = clock;
    this.state = stateOf(PemFiles.read(settings));
    this.current = new CurrentContext(() -> state.context);
  }

  /// @throws AgentFailure if the files are not there or of no use; it says which, and why
  public static PodTls load(TlsSettings settings) throws AgentFailure {
    return load(settings, InstantSource.system());
  }

  static PodTls load(TlsSettings settings, InstantSource clock) throws AgentFailure {
    return new PodTls(settings, clock);
  }

  /// Takes the files anew if their content has changed.
  ///
  /// @return whether it had
  /// @throws AgentFailure if the new ones are of no use, such as a key and a certificate that do
  ///   not fit, or not yet; what was in force remains
  public synchronized boolean reload() throws AgentFailure {
    PemFiles files = PemFiles.read(settings);
    if (files.equals(state.files)) {
      return false;
    }
    state = stateOf(files);
    return true;
  }

  /// A new context each time: what its sessions remember is not to outlive a certificate that they
  /// were made with.
  private State stateOf(PemFiles files) throws AgentFailure {
    Identity identity = new IdentityReader(settings).read(files, clock.instant());
    return new State(files, identity, contextOf(identity));
  }

  private SSLContext contextOf(Identity identity) {
    try {
      PeerTrust trust =
          new PeerTrust(Managers.trust(identity.authorities()), settings.allowedSubjects());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(Managers.key(identity), new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// For one incoming connection: the other side has to show a certificate of the authority whose
  /// subject is allowed.
  public SSLEngine serverEngine() {
    SSLEngine engine = state.context.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setSSLParameters(serverParameters());
    return engine;
  }

  /// What makes an engine of [#context] one like [#serverEngine].
  public SSLParameters serverParameters() {
    SSLParameters parameters = state.context.getDefaultSSLParameters();
    parameters.setProtocols(VERSIONS.clone());
    parameters.setNeedClientAuth(true);
    return parameters;
  }

  /// For one outgoing connection.
  ///
  /// @param name that the other side's certificate has to be good for; a DNS name or an IP address
  public SSLEngine clientEngine(String name, int port) {
    SSLEngine engine = state.context.createSSLEngine(name, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(VERSIONS.clone());
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return engine;
  }

  /// For a server that wants a context: each of its engines is made with what is in force then.
  /// [#serverParameters] are still to be set.
  public SSLContext context() {
    return current;
  }

  /// When the certificate in force ends: the first of its chain, up to the authority's own.
  public Instant expiresAt() {
    return state.identity.expiresAt();
  }

  /// Whose certificate is in force, for logs.
  public String subject() {
    return state.identity.certificate().getSubjectX500Principal().getName();
  }

  Identity identity() {
    return state.identity;
  }

  TlsSettings settings() {
    return settings;
  }

  Instant now() {
    return clock.instant();
  }
}
