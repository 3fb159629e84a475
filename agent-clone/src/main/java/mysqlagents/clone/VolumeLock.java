package mysqlagents.clone;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import mysqlagents.files.Durable;
import mysqlagents.files.Volume;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;
import org.jspecify.annotations.Nullable;

/// Keeps two agent-clones from working on the same volume: one would clear away what the other is
/// about to promote. The kernel takes the lock back when the process ends, in whatever way.
final class VolumeLock implements Closeable {
  private final FileChannel file;

  private VolumeLock(FileChannel file) {
    this.file = file;
  }

  static VolumeLock take(Volume volume) throws IOException, AgentFailure {
    volume.requireMounted();
    if (!Files.isDirectory(volume.agent())) {
      Files.createDirectory(volume.agent());
      // The manifest will lie in it and has to be on disk before the data's new name is.
      Durable.directory(volume.root());
    }
    Path path = volume.agent().resolve("clone.lock");
    FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock lock = file.tryLock();
    if (lock == null) {
      file.close();
      throw new AgentFailure(
          ExitCode.REFUSED,
          "another agent-clone is at work on %s".formatted(volume.root()),
          "wait for it to end; two pods must not share a volume");
    }
    return new VolumeLock(file);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
