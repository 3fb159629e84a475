package mysqlagents.xbstream;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Receives streams into a directory, as agent-clone does.
final class Recipient {
  private Recipient() {}

  static ReceivedStream receive(byte[] stream, Path directory) throws IOException {
    return receive(stream, directory, StreamDialect.DETECT);
  }

  static ReceivedStream receive(byte[] stream, Path directory, StreamDialect dialect)
      throws IOException {
    return receive(Channels.newChannel(new ByteArrayInputStream(stream)), directory, dialect);
  }

  static ReceivedStream receive(ReadableByteChannel in, Path directory, StreamDialect dialect)
      throws IOException {
    return new StreamReceiver(directory, StreamReceiver.Options.of(dialect, StreamBuilder.TRAILER))
        .receive(in);
  }

  /// Receives, and compares with what the donor's receipt says.
  static ReceivedStream receiveAndVerify(byte[] stream, Path directory) throws IOException {
    ReceivedStream received = receive(stream, directory);
    String receipt = new String(received.trailer(), StandardCharsets.US_ASCII);
    String found = received.bytes() + " " + received.digest();
    if (!receipt.equals(found)) {
      throw new IOException("received %s, but the receipt says %s".formatted(found, receipt));
    }
    return received;
  }

  /// The content of every file under `directory`, by its name there.
  static SortedMap<String, byte[]> contents(Path directory) throws IOException {
    SortedMap<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        contents.put(directory.relativize(path).toString(), Files.readAllBytes(path));
      }
    }
    return contents;
  }
}
