package mysqlagents.xbstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Writes the files below a directory as members of a stream, one after the other.
public final class DirectoryMembers implements AutoCloseable {
  private final Path directory;

  public DirectoryMembers(Path directory, int readers, long memory) {
    this.directory = directory;
  }

  public long writeTo(WritableByteChannel out) throws IOException, InterruptedException {
    XbstreamWriter writer = new XbstreamWriter(out);
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    for (Path file : files) {
      String name = directory.relativize(file).toString();
      try (FileChannel in = FileChannel.open(file)) {
        while (in.read(buffer.clear()) >= 0) {
          writer.append(name, buffer.flip());
        }
      }
      writer.end(name);
    }
    return files.size();
  }

  public List<String> directories() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isDirectory)
          .filter(path -> !path.equals(directory))
          .map(path -> directory.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  @Override
  public void close() {}
}
