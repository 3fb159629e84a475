package mysqlagents.wire.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/// A TCP connection that blocks like any channel, but no wait lasts longer than its limit: a
/// blocking [SocketChannel] would wait for ever on a peer that is gone without a word.
final class TimedChannel implements ByteChannel {
  private final SocketChannel socket;
  private final Selector selector;
  private final SelectionKey key;
  private final Duration stallLimit;

  private TimedChannel(SocketChannel socket, Selector selector, Duration stallLimit)
      throws IOException {
    this.socket = socket;
    this.selector = selector;
    this.stallLimit = stallLimit;
    socket.configureBlocking(false);
    this.key = socket.register(selector, 0);
  }

  /// @param stallLimit how long a read or a write may wait for the first byte
  /// @throws SocketTimeoutException if there is no connection within `connectLimit`
  static TimedChannel connect(InetSocketAddress address, Duration connectLimit, Duration stallLimit)
      throws IOException {
    TimedChannel channel = new TimedChannel(SocketChannel.open(), Selector.open(), stallLimit);
    try {
      if (!channel.socket.connect(address)) {
        channel.await(SelectionKey.OP_CONNECT, connectLimit, "no connection within %d s");
        channel.socket.finishConnect();
      }
      return channel;
    } catch (IOException failure) {
      channel.close();
      throw failure;
    }
  }

  /// @throws SocketTimeoutException if nothing comes within the stall limit
  @Override
  public int read(ByteBuffer target) throws IOException {
    int length = socket.read(target);
    while (length == 0 && target.hasRemaining()) {
      await(SelectionKey.OP_READ, stallLimit, "nothing has been received for %d s");
      length = socket.read(target);
    }
    return length;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int length = socket.write(source);
    while (length == 0 && source.hasRemaining()) {
      await(SelectionKey.OP_WRITE, stallLimit, "nothing could be sent for %d s");
      length = socket.write(source);
    }
    return length;
  }

  /// Sends what can be sent without waiting.
  ///
  /// @return whether that was all
  boolean writeNow(ByteBuffer source) throws IOException {
    socket.write(source);
    return !source.hasRemaining();
  }

  private void await(int operation, Duration limit, String problem) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    key.interestOps(operation);
    while (selector.select(millisUntil(deadline)) == 0) {
      if (Thread.currentThread().isInterrupted()) {
        close();
        throw new ClosedByInterruptException();
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new SocketTimeoutException(problem.formatted(limit.toSeconds()));
      }
    }
    selector.selectedKeys().clear();
  }

  /// At least 1: for a selector 0 means "for ever".
  private static long millisUntil(long deadline) {
    return Math.max(1, Duration.ofNanos(deadline - System.nanoTime()).toMillis());
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  @Override
  public void close() throws IOException {
    try (selector) {
      socket.close();
    }
  }
}
