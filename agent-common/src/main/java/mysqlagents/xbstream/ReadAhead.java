package mysqlagents.xbstream;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who reads what next, and who sends it: where the readers and the one sender of a stream meet.
///
/// Files are taken in their order, and so are the pieces of each. But no file gets all readers or
/// all memory, so that one that the disk is slow with does not make the others wait.
final class ReadAhead implements Closeable {
  /// Most files of which something but not all has been sent, or that are open. A recipient takes
  /// up to 256.
  static final int FILES = 64;

  private final Path root;
  private final Iterator<TreeListing.Entry> waiting;
  private final List<FileProgress> begun = new ArrayList<>();
  private final Deque<ByteBuffer> free = new ArrayDeque<>();
  private final Deque<Piece> ready = new ArrayDeque<>();
  private final int readersOfAFile;
  private final int piecesOfAFile;

  private @Nullable IOException failure;

  /// @param readers how many threads call [#claim]
  /// @param pieces for how many there will be memory
  ReadAhead(Path root, Iterator<TreeListing.Entry> files, int readers, int pieces) {
    this.root = root;
    this.waiting = files;
    this.readersOfAFile = Math.max(1, readers - 1);
    this.piecesOfAFile = Math.max(2, pieces / 2);
  }

  /// Adds memory for one piece.
  synchronized void provide(ByteBuffer memory) {
    free.push(memory);
    notifyAll();
  }

  /// For a reader: a piece to read, as soon as there is memory for it.
  ///
  /// @return nothing if there is no more to be read
  synchronized @Nullable Piece claim() throws InterruptedException {
    while (failure == null && !isAllClaimed()) {
      FileProgress file = free.isEmpty() ? null : claimable();
      if (file != null) {
        return file.claim(free.pop());
      }
      wait();
    }
    return null;
  }

  private boolean isAllClaimed() {
    return !waiting.hasNext() && begun.stream().allMatch(FileProgress::isAllClaimed);
  }

  private @Nullable FileProgress claimable() {
    for (FileProgress file : begun) {
      if (file.isClaimable(readersOfAFile, piecesOfAFile)) {
        return file;
      }
    }
    if (!waiting.hasNext() || begun.size() == FILES) {
      return null;
    }
    FileProgress file = new FileProgress(new SourceFile(root, waiting.next()));
    begun.add(file);
    return file;
  }

  /// For a reader: `piece` has been read.
  ///
  /// @return whether that was all that there is to be read of its file
  synchronized boolean read(Piece piece) {
    FileProgress file = piece.progress();
    file.read(piece, ready);
    notifyAll();
    return file.isAllRead();
  }

  /// Ends everything, for whoever waits and whoever comes. The first failure counts.
  synchronized void fail(IOException reason) {
    if (failure == null) {
      failure = reason;
    }
    notifyAll();
  }

  /// For the sender: the next piece, as soon as it has been read.
  ///
  /// @return nothing if everything has been sent
  /// @throws IOException if something could not be read
  synchronized @Nullable Piece next() throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    while (failure == null && ready.isEmpty() && (waiting.hasNext() || !begun.isEmpty())) {
      wait();
    }
    if (failure != null) {
      throw failure;
    }
    return ready.poll();
  }

  /// For the sender: `piece` has been sent.
  synchronized void sent(Piece piece) {
    FileProgress file = piece.progress();
    file.sent();
    if (file.isAllSent()) {
      begun.remove(file);
    }
    provide(piece.memory());
  }

  /// Closes the files that are still open. To be called when nobody reads any more.
  @Override
  public synchronized void close() throws IOException {
    for (FileProgress file : begun) {
      file.file().close();
    }
  }
}
