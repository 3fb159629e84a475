package mysqlagents.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import mysqlagents.files.AtomicFile;
import mysqlagents.files.Durable;
import mysqlagents.wire.Json;

/// The journal: `clone.json` and `replication.json` in one directory. Each write is atomic and on
/// disk when it returns.
///
/// agent-clone clears it before a clone begins (without a data directory nothing in it can be true)
/// and writes the manifest just before it promotes the data; the sidecar writes the replication
/// record. They never run at the same time.
public final class Journal {
  private static final String PERMISSIONS = "rw-r-----";

  private final Path directory;

  public Journal(Path directory) {
    this.directory = directory;
  }

  public Optional<CloneManifest> cloneManifest() throws IOException {
    return read(cloneFile(), CloneManifest.class);
  }

  public void write(CloneManifest manifest) throws IOException {
    write(cloneFile(), manifest);
  }

  public Optional<ReplicationRecord> replication() throws IOException {
    return read(replicationFile(), ReplicationRecord.class);
  }

  public void write(ReplicationRecord replication) throws IOException {
    write(replicationFile(), replication);
  }

  /// Forgets everything, durably. Only for a volume that has no data directory.
  public void clear() throws IOException {
    AtomicFile.delete(replicationFile());
    AtomicFile.delete(cloneFile());
  }

  private Path cloneFile() {
    return directory.resolve("clone.json");
  }

  private Path replicationFile() {
    return directory.resolve("replication.json");
  }

  private void write(Path file, Object value) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      Durable.directory(Durable.parent(directory));
    }
    AtomicFile.write(file, Json.write(value), PERMISSIONS);
  }

  private static <T> Optional<T> read(Path file, Class<T> type) throws IOException {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
    return Optional.of(Json.read(text, type, file.toString()));
  }
}
