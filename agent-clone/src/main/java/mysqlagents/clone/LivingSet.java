package mysqlagents.clone;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mysqlagents.files.Sizes;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.AgentMain;
import mysqlagents.main.ExitCode;
import mysqlagents.settings.PodName;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.DonorStatus;
import mysqlagents.wire.Json;
import mysqlagents.wire.client.HttpConnection;

/// Law 4: an empty ordinal 0 never becomes a new, empty primary of a living set.
final class LivingSet {
  private static final System.Logger LOG = System.getLogger(LivingSet.class.getName());

  /// How long a peer may take to come up. In a set that starts as a whole, all are empty and say so
  /// within seconds.
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofSeconds(1);

  /// A status is a few hundred bytes, answered at once.
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

  private static final int STATUS_LIMIT = 1 << 16;

  /// How many looks in a row have to find that the service has no pods. One proves nothing: a query
  /// that got lost looks the same. With the manifests' `publishNotReadyAddresses` the name soon
  /// leads to this pod itself.
  private static final int LOOKS = 5;

  private final CloneSettings settings;
  private final Network network;
  private final Resolver resolver;
  private final Duration patience;
  private int looksInVain;

  /// How names become addresses, as [InetAddress#getAllByName] does it.
  @FunctionalInterface
  interface Resolver {
    InetAddress[] resolve(String name) throws UnknownHostException;
  }

  /// @param patience how long to ask before refusing
  LivingSet(CloneSettings settings, Network network, Resolver resolver, Duration patience) {
    this.settings = settings;
    this.network = network;
    this.resolver = resolver;
    this.patience = patience;
  }

  /// Returns if no peer holds data.
  ///
  /// @throws AgentFailure if one does, or if that cannot be found out
  void requireNoData() throws AgentFailure, InterruptedException, IOException {
    if (settings.allowEmptyPrimary()) {
      LOG.log(WARNING, () -> "ALLOW_EMPTY_PRIMARY is set: starting empty without asking the peers");
      return;
    }
    long deadline = System.nanoTime() + patience.toNanos();
    List<String> last = List.of();
    while (true) {
      List<String> doubts = doubts();
      if (doubts.isEmpty()) {
        return;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new AgentFailure(
            ExitCode.REFUSED,
            "cannot tell whether another pod of the set holds data: " + String.join("; ", doubts),
            "mend that, and this pod tries again; or, if no pod holds data worth keeping, set ALLOW_EMPTY_PRIMARY=true for one start");
      }
      if (!doubts.equals(last)) {
        LOG.log(
            INFO, () -> "waiting to know whether the set is empty: " + String.join("; ", doubts));
        last = doubts;
      }
      Thread.sleep(PAUSE);
      network.refresh();
    }
  }

  /// What keeps us from knowing that no peer holds data. A peer that cannot be believed, or that
  /// does not believe us, is one of them: it may be of the set and hold all there is.
  private List<String> doubts() throws AgentFailure, IOException {
    Set<InetAddress> peers;
    try {
      peers = peers();
    } catch (UnknownHostException failure) {
      return List.of(failure.getMessage());
    }
    List<String> doubts = new ArrayList<>();
    List<String> holders = new ArrayList<>();
    for (InetAddress peer : peers) {
      try {
        DonorStatus status = statusOf(peer);
        if (status.holdsData()) {
          holders.add(
              "%s (%s) holds %s of data"
                  .formatted(status.pod(), peer.getHostAddress(), Sizes.text(status.dataBytes())));
        }
      } catch (IOException failure) {
        doubts.add(
            "%s does not say: %s".formatted(peer.getHostAddress(), AgentMain.withCauses(failure)));
      }
    }
    if (!holders.isEmpty()) {
      throw refusal(holders);
    }
    return doubts;
  }

  private AgentFailure refusal(List<String> holders) {
    PodName pod = settings.pod();
    return new AgentFailure(
        ExitCode.REFUSED,
        "%s is empty, but %s: an empty primary would cut the set in two"
            .formatted(pod, String.join(", and ", holders)),
        "give %s its volume back; or copy the data of the pod that is furthest ahead into it, step by step as docs/operations.md says in 'mysql-0 has lost its volume'; or, if the set's data is not worth keeping, set ALLOW_EMPTY_PRIMARY=true for one start and clone all replicas again"
            .formatted(pod));
  }

  private DonorStatus statusOf(InetAddress peer) throws IOException {
    try (HttpConnection connection =
        network.connect(peer, settings.peers().service(), ANSWER_LIMIT)) {
      HttpConnection.Response answer = connection.get(BackupProtocol.STATUS_PATH, Map.of());
      if (answer.head().status() != 200) {
        throw new IOException("it answered with status " + answer.head().status());
      }
      return Json.read(answer.text(STATUS_LIMIT), DonorStatus.class, "its answer");
    }
  }

  /// All addresses of the set but our own.
  ///
  /// @throws UnknownHostException if that is not known, or not yet
  private Set<InetAddress> peers() throws IOException {
    String service = settings.peers().service();
    Set<InetAddress> peers;
    try {
      peers = new LinkedHashSet<>(Arrays.asList(resolver.resolve(service)));
    } catch (UnknownHostException _) {
      requireAbsence(service);
      return Set.of();
    }
    looksInVain = 0;
    peers.removeAll(ownAddresses());
    return peers;
  }

  /// A headless Service without pods does not resolve, and neither does any name while the
  /// cluster's DNS is down; only a name that must exist tells the two apart.
  private void requireAbsence(String service) throws UnknownHostException {
    try {
      resolver.resolve(settings.controlName());
    } catch (UnknownHostException _) {
      looksInVain = 0;
      throw new UnknownHostException(
          "neither %s nor %s resolves, so name resolution seems not to work"
              .formatted(service, settings.controlName()));
    }
    looksInVain++;
    if (looksInVain < LOOKS) {
      throw new UnknownHostException(
          "%s does not resolve, which may be for want of an answer".formatted(service));
    }
  }

  private Set<InetAddress> ownAddresses() throws IOException {
    Set<InetAddress> own = new LinkedHashSet<>();
    for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      own.addAll(Collections.list(network.getInetAddresses()));
    }
    for (String name : List.of(settings.listenAddress(), settings.peers().hostOf(settings.pod()))) {
      try {
        own.addAll(Arrays.asList(resolver.resolve(name)));
      } catch (UnknownHostException _) {
        // The name of a pod that is not ready may not resolve; the network's own list has it.
      }
    }
    return own;
  }
}
