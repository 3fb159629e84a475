package mysqlagents.xbstream;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A file that is being read into a stream, by any number of threads. It is opened by whoever needs
/// it first, and must not change until it is closed.
///
/// All its exceptions name it. It is read through the page cache: a copy that was just written is
/// in there in part, and reading past it was not faster where it was not (512 MiB in turn by `dd`,
/// 1.0 to 2.4 GB/s through it and 1.0 to 1.5 GB/s past it).
final class SourceFile implements Closeable {
  /// Most extents of a map; more would not fit before a payload. As many as 1 MiB has with the
  /// smallest file system block there is, 512 bytes; where there are yet more, the last is not
  /// divided.
  static final int MAXIMUM_EXTENTS = 1024;

  private final Path root;
  private final MemberName name;
  private final long length;

  private @Nullable Opened opened;

  /// How far the hole reaches that somebody met last.
  private volatile long holeEnd;

  private record Opened(FileChannel channel, Holes holes) {}

  SourceFile(Path root, TreeListing.Entry file) {
    this.root = root;
    this.name = file.name();
    this.length = file.length();
  }

  MemberName name() {
    return name;
  }

  /// In bytes, as it was when the file was found.
  long length() {
    return length;
  }

  /// Up to where nothing but a hole is known to be, if there is one.
  long holeEnd() {
    return holeEnd;
  }

  /// The holes and the data from `from` up to `to`.
  SparseMap map(long from, long to) throws IOException {
    try {
      return map(open().holes(), from, to);
    } catch (IOException failure) {
      throw named(failure);
    }
  }

  private SparseMap map(Holes holes, long from, long to) throws IOException {
    List<SparseMap.Extent> extents = new ArrayList<>();
    for (long at = from; at < to; ) {
      long data = holes.data(at);
      if (data > to) {
        holeEnd = data;
        data = to;
      }
      boolean undivided = extents.size() == MAXIMUM_EXTENTS - 1;
      long end = undivided || data == to ? to : Math.min(holes.hole(data), to);
      extents.add(new SparseMap.Extent(data - at, end - data));
      at = end;
    }
    return new SparseMap(extents);
  }

  /// Fills `target` with what lies at `offset`.
  void read(ByteBuffer target, long offset) throws IOException {
    try {
      FileChannel channel = open().channel();
      for (long at = offset; target.hasRemaining(); ) {
        int count = channel.read(target, at);
        if (count < 0) {
          throw changed(channel);
        }
        at += count;
      }
    } catch (IOException failure) {
      throw named(failure);
    }
  }

  /// Fails if the file has another length than it had when it was found.
  void requireUnchanged() throws IOException {
    try {
      FileChannel channel = open().channel();
      if (channel.size() != length) {
        throw changed(channel);
      }
    } catch (IOException failure) {
      throw named(failure);
    }
  }

  private IOException changed(FileChannel channel) throws IOException {
    return changed("it had %d bytes, and now it has %d".formatted(length, channel.size()));
  }

  /// The exception for a file that was not left alone.
  IOException changed(String how) {
    return new FileSystemException(path(), null, "has changed while it was to be sent: " + how);
  }

  private synchronized Opened open() throws IOException {
    if (opened == null) {
      Path path = name.resolveUnder(root);
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
      opened = new Opened(channel, Holes.of(path, length));
    }
    return opened;
  }

  @Override
  public synchronized void close() throws IOException {
    if (opened != null) {
      opened.holes().close();
      opened.channel().close();
      opened = null;
    }
  }

  /// A channel's own exceptions do not name the file.
  private IOException named(IOException failure) {
    if (failure instanceof FileSystemException && !(failure instanceof NoSuchFileException)) {
      return failure;
    }
    String reason =
        failure instanceof NoSuchFileException
            ? "has vanished before it could be sent"
            : "cannot be read: " + failure.getMessage();
    FileSystemException named = new FileSystemException(path(), null, reason);
    named.initCause(failure);
    return named;
  }

  private String path() {
    return root + "/" + name;
  }
}
