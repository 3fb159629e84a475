package mysqlagents.sidecar.http;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.component.AbstractLifeCycle;

/// Keeps a port open for those who have business there, however many others come: each connection
/// has its time, and a newcomer takes a place from whoever holds most of them.
///
/// Jetty's own limits stop accepting when all places are taken, and count silence only: a few dozen
/// that say a byte now and then would have the port for themselves.
final class Callers extends AbstractLifeCycle
    implements Connection.Listener, SelectorManager.AcceptListener {
  /// How often those are looked for whose time is up.
  private static final Duration ROUND = Duration.ofMillis(500);

  /// Connections that are accepted but not set up yet. Jetty accepts all that wait in the kernel,
  /// up to [HttpPort#MOST_WAITING], before it sets up the first; only a flood that outruns that
  /// brings more, and would be memory without a bound. Each takes one or two KiB.
  private static final int MOST_PENDING = 2 * HttpPort.MOST_WAITING;

  private final Connector connector;
  private final HttpPort.Limits limits;

  /// In the order of their coming.
  private final Map<EndPoint, Caller> callers = new LinkedHashMap<>();

  private final Set<SelectableChannel> pending = ConcurrentHashMap.newKeySet();

  Callers(Connector connector, HttpPort.Limits limits) {
    this.connector = connector;
    this.limits = limits;
  }

  static Callers of(Connector connector) {
    return Objects.requireNonNull(connector.getBean(Callers.class));
  }

  @Override
  protected void doStart() {
    connector.getScheduler().schedule(this::round, ROUND.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void round() {
    if (isRunning()) {
      for (Caller late : late()) {
        late.cut(new IOException("its time is up"));
      }
      doStart();
    }
  }

  private synchronized List<Caller> late() {
    callers.keySet().removeIf(socket -> !socket.isOpen());
    return callers.values().stream().filter(Caller::isLate).toList();
  }

  /// One that has gone in the meantime is found, too: its connection cannot be used any more.
  synchronized Caller find(EndPoint connection) {
    EndPoint socket = Caller.socket(connection);
    Caller known = callers.get(socket);
    return known == null ? new Caller(socket, limits.life()) : known;
  }

  @Override
  public void onOpened(Connection connection) {
    // A TLS connection and the HTTP in it are two, but have one socket.
    if (!(connection.getEndPoint() instanceof EndPoint.Wrapper)) {
      enter(connection.getEndPoint())
          .ifPresent(victim -> victim.cut(new IOException("its place is taken")));
    }
  }

  private synchronized Optional<Caller> enter(EndPoint socket) {
    callers.put(socket, new Caller(socket, limits.life()));
    List<Caller> strangers = callers.values().stream().filter(c -> !c.isKept()).toList();
    if (strangers.size() <= limits.connections()) {
      return Optional.empty();
    }
    Caller victim = victim(strangers);
    callers.values().remove(victim);
    return Optional.of(victim);
  }

  /// The oldest of those from the address that most come from.
  private static Caller victim(List<Caller> strangers) {
    Map<Object, Integer> crowds = new HashMap<>();
    int largest = 0;
    for (Caller stranger : strangers) {
      largest = Math.max(largest, crowds.merge(stranger.address(), 1, Integer::sum));
    }
    for (Caller stranger : strangers) {
      if (Objects.equals(crowds.get(stranger.address()), largest)) {
        return stranger;
      }
    }
    throw new IllegalArgumentException("nobody is there");
  }

  @Override
  public void onClosed(Connection connection) {
    leave(Caller.socket(connection.getEndPoint()));
  }

  private synchronized void leave(EndPoint socket) {
    callers.remove(socket);
  }

  @Override
  public void onAccepting(SelectableChannel channel) {
    pending.add(channel);
    if (pending.size() > MOST_PENDING) {
      IO.close(channel);
    }
  }

  @Override
  public void onAccepted(SelectableChannel channel) {
    pending.remove(channel);
  }

  @Override
  public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
    pending.remove(channel);
  }
}
