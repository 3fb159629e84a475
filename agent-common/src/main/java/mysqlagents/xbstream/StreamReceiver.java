package mysqlagents.xbstream;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Unpacks one stream into an empty directory, and refuses it unless its structure is whole: every
/// chunk well formed, every CRC right, every file ended, and the trailer last.
///
/// What has been unpacked when a stream is refused stays where it is; throwing it away is the
/// caller's part. What has been received whole may be on disk in part; to fsync it is the caller's
/// part as well.
public final class StreamReceiver {
  /// What to expect, and how much of it at most.
  ///
  /// @param trailer the name of the member that must come last; its content is kept in memory, up
  ///   to 64 KiB, and never becomes a file
  /// @param maximumOpenFiles how many members may be open at a time. A tool has one open for each
  ///   of its threads, and the redo log
  /// @param maximumMembers how many members may begin in all. Each costs about 100 bytes of memory
  public record Options(
      StreamDialect dialect, String trailer, int maximumOpenFiles, long maximumMembers) {
    private static final int OPEN_FILES = 256;
    private static final long MEMBERS = 2_000_000;

    public Options {
      new MemberName(trailer);
      if (maximumOpenFiles < 1 || maximumMembers < 1) {
        throw new IllegalArgumentException(
            "at most %d open files and %d members allow for no stream"
                .formatted(maximumOpenFiles, maximumMembers));
      }
    }

    /// Limits that no sound backup reaches.
    public static Options of(StreamDialect dialect, String trailer) {
      return new Options(dialect, trailer, OPEN_FILES, MEMBERS);
    }
  }

  private final Path directory;
  private final Options options;
  private volatile @Nullable ChunkReader reader;

  /// @param directory exists and is empty
  public StreamReceiver(Path directory, Options options) {
    this.directory = directory;
    this.options = options;
  }

  /// How many bytes of stream have come in. For any thread, at any time.
  public long bytesReceived() {
    ChunkReader current = reader;
    return current == null ? 0 : current.received();
  }

  /// Receives one stream, to the channel's end.
  ///
  /// @param in a blocking channel; it is not closed
  /// @throws CorruptStreamException if the stream is refused
  /// @throws java.nio.file.FileSystemException if a file cannot be written, naming it
  /// @throws IOException if `in` fails
  public ReceivedStream receive(ReadableByteChannel in) throws IOException {
    if (reader != null) {
      throw new IllegalStateException("this receiver has received already");
    }
    requireEmptyDirectory();
    ChunkReader chunks = new ChunkReader(in, options.dialect());
    reader = chunks;
    Trailer trailer = new Trailer(new MemberName(options.trailer()));
    try (WriteBack writeBack = new WriteBack();
        MemberFiles files = new MemberFiles(directory);
        DirectBlocks blocks = DirectBlocks.forFilesIn(directory)) {
      new StreamUnpacker(chunks, files, blocks, writeBack, trailer, options).unpack();
      writeBack.finish();
      return new ReceivedStream(
          files.complete(), trailer.start(), trailer.digest(), trailer.content());
    }
  }

  private void requireEmptyDirectory() throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new NotDirectoryException(directory.toString());
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      if (entries.iterator().hasNext()) {
        throw new DirectoryNotEmptyException(directory.toString());
      }
    }
  }
}
