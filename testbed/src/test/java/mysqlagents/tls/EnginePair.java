package mysqlagents.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/// Two ends of a TLS connection whose bytes go from memory to memory.
final class EnginePair {
  final SSLEngine client;
  final SSLEngine server;
  private final ByteBuffer toServer = ByteBuffer.allocate(1 << 17);
  private final ByteBuffer toClient = ByteBuffer.allocate(1 << 17);

  EnginePair(SSLEngine client, SSLEngine server) {
    this.client = client;
    this.server = server;
  }

  /// Runs the handshake to its end, and one byte each way: in TLS 1.3 the server's opinion of the
  /// client comes after the client's handshake.
  ///
  /// @throws SSLException what either side fails with first
  void connect() throws SSLException {
    client.beginHandshake();
    server.beginHandshake();
    for (int turn = 0; turn < 40; turn++) {
      step(client, toServer, toClient);
      step(server, toClient, toServer);
      if (isDone(client) && isDone(server) && empty()) {
        pass(client, server, 7);
        pass(server, client, 8);
        return;
      }
    }
    throw new AssertionError("no end of the handshake: " + client + server);
  }

  /// Sends one byte.
  void pass(SSLEngine from, SSLEngine to, int value) throws SSLException {
    ByteBuffer wire = ByteBuffer.allocate(1 << 17);
    from.wrap(ByteBuffer.wrap(new byte[] {(byte) value}), wire);
    ByteBuffer plain = ByteBuffer.allocate(1 << 17);
    to.unwrap(wire.flip(), plain);
    if (plain.flip().get() != value) {
      throw new AssertionError("another byte than was sent");
    }
  }

  private boolean empty() {
    return toServer.position() == 0 && toClient.position() == 0;
  }

  private static boolean isDone(SSLEngine engine) {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
  }

  private static void step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
    for (int turn = 0; turn < 20; turn++) {
      runTasks(engine);
      if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        engine.wrap(ByteBuffer.allocate(0), out);
      } else if (in.position() > 0) {
        SSLEngineResult result = engine.unwrap(in.flip(), ByteBuffer.allocate(1 << 17));
        in.compact();
        if (result.bytesConsumed() == 0
            && engine.getHandshakeStatus() != HandshakeStatus.NEED_TASK) {
          return;
        }
      } else {
        return;
      }
    }
  }

  private static void runTasks(SSLEngine engine) {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }
}
