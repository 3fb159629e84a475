package mysqlagents.wire.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import mysqlagents.tls.TlsException;
import org.jspecify.annotations.Nullable;

/// TLS over a [TimedChannel], whose limits hold for every wait, those of the handshake included.
///
/// Ends only where the other side has ended it in TLS's own words (`close_notify`): a connection
/// that just ends has been cut, by whomever.
final class TlsChannel implements ByteChannel {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /// In bytes. Of records there are 16 KiB in each at most; as many as the socket has are taken at
  /// once.
  private static final int INCOMING = 1 << 17;

  private final TimedChannel socket;
  private final SSLEngine engine;

  /// From the socket, not yet decrypted. On the heap, where it is decrypted in place.
  private final ByteBuffer incoming = ByteBuffer.allocate(INCOMING).flip();

  private final ByteBuffer outgoing;

  /// Decrypted, but more than the reader had room for.
  private final ByteBuffer plain;

  /// Whether anything has come after the handshake.
  private boolean heard;

  /// Found while there were bytes to be read before it.
  private @Nullable SSLException failure;

  private TlsChannel(TimedChannel socket, SSLEngine engine) {
    this.socket = socket;
    this.engine = engine;
    this.outgoing = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    this.plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).flip();
  }

  /// Shakes hands as a client. Closes the socket if that fails.
  ///
  /// @throws TlsException if it fails, saying what that means
  static TlsChannel connect(TimedChannel socket, SSLEngine engine) throws IOException {
    TlsChannel channel = new TlsChannel(socket, engine);
    try {
      channel.handshake();
      return channel;
    } catch (ClosedByInterruptException failure) {
      throw failure;
    } catch (IOException failure) {
      channel.close();
      throw TlsException.explaining(failure);
    }
  }

  private void handshake() throws IOException {
    engine.beginHandshake();
    while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
      if (engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
        SSLEngineResult result = engine.unwrap(incoming, NOTHING);
        if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
          refill();
        } else if (result.getStatus() == Status.CLOSED) {
          throw new EOFException("closed");
        }
      } else {
        followUp();
      }
    }
  }

  /// What TLS itself has to do or to say: in the handshake, and when keys are changed in the middle
  /// of a long stream.
  private void followUp() throws IOException {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
    while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      send(NOTHING);
    }
  }

  private void refill() throws IOException {
    incoming.compact();
    int length = socket.read(incoming);
    incoming.flip();
    if (length < 0) {
      throw new EOFException("the connection was cut in the middle of TLS");
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int start = target.position();
    try {
      if (failure != null) {
        throw failure;
      }
      boolean ended = fill(target);
      heard = true;
      return ended && target.position() == start ? -1 : target.position() - start;
    } catch (SSLException reason) {
      // What came before it is good, and may be all that is wanted.
      failure = reason;
      if (target.position() > start) {
        return target.position() - start;
      }
      throw TlsException.explaining(reason);
    } catch (EOFException | SocketException reason) {
      throw heard ? reason : TlsException.afterTheHandshake(reason);
    }
  }

  /// Record after record, as far as they have come and there is room; at least a byte, or the end.
  ///
  /// @return whether the other side has ended the connection
  private boolean fill(ByteBuffer target) throws IOException {
    int start = target.position();
    while (target.hasRemaining()) {
      boolean filled = target.position() > start;
      boolean direct = target.remaining() >= plain.capacity();
      if (plain.hasRemaining()) {
        drain(target);
      } else if (filled && !direct) {
        return false;
      } else {
        Status status = direct ? unwrap(target) : unwrapAside();
        if (status == Status.CLOSED) {
          return true;
        }
        if (status == Status.BUFFER_UNDERFLOW) {
          if (filled) {
            return false;
          }
          refill();
        }
      }
    }
    return false;
  }

  private Status unwrapAside() throws IOException {
    try {
      return unwrap(plain.clear());
    } finally {
      plain.flip();
    }
  }

  private Status unwrap(ByteBuffer target) throws IOException {
    SSLEngineResult result = engine.unwrap(incoming, target);
    if (result.getStatus() == Status.BUFFER_OVERFLOW) {
      throw new SSLException("a record that is larger than agreed");
    }
    if (result.getStatus() == Status.OK) {
      followUp();
    }
    return result.getStatus();
  }

  private void drain(ByteBuffer target) {
    int length = Math.min(target.remaining(), plain.remaining());
    target.put(target.position(), plain, plain.position(), length);
    target.position(target.position() + length);
    plain.position(plain.position() + length);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int start = source.position();
    try {
      while (source.hasRemaining()) {
        send(source);
      }
    } catch (SSLException failure) {
      throw TlsException.explaining(failure);
    }
    return source.position() - start;
  }

  private void send(ByteBuffer source) throws IOException {
    SSLEngineResult result = engine.wrap(source, outgoing.clear());
    outgoing.flip();
    while (outgoing.hasRemaining()) {
      socket.write(outgoing);
    }
    if (result.getStatus() == Status.CLOSED) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  /// Says so to the other side, or why the handshake failed, if that goes without waiting.
  @Override
  public void close() throws IOException {
    try (socket) {
      engine.closeOutbound();
      while (socket.isOpen() && !engine.isOutboundDone()) {
        engine.wrap(NOTHING, outgoing.clear());
        if (!socket.writeNow(outgoing.flip())) {
          return;
        }
      }
    } catch (IOException _) {
      // The other side is gone, and so is whoever would want to hear of it.
    }
  }
}
