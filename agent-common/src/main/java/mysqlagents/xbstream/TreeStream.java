package mysqlagents.xbstream;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Writes all files below a directory as members of a stream, in xtrabackup's dialect: with the
/// holes that they have. Some threads read ahead, so that whoever writes need not wait for the
/// disk.
///
/// The directory is expected to be at rest. Nothing in it is left out, and no file is sent shorter
/// than it is: what a stream cannot carry, and what is found to be missing or changed, is an
/// exception that names it. Only directories are for the caller to send: see [#directories].
public final class TreeStream implements Closeable {
  private final TreeListing listing;
  private final ReadAhead ahead;
  private final int pieces;

  /// No executor: one that has terminated may still have threads that are about to end.
  private final List<Thread> threads = new ArrayList<>();

  /// Lists the directory, and refuses it if there is something in it that a stream cannot carry.
  ///
  /// @param readers how many threads read at a time, in pieces of up to 1 MiB
  /// @param memory bytes that all pieces may take that are being read or wait to be sent, outside
  ///   of the heap. It must be enough for one. The names of the files come on top, with some 150
  ///   bytes each
  public TreeStream(Path directory, int readers, long memory) throws IOException {
    if (readers < 1 || memory < Piece.MEMORY) {
      throw new IllegalArgumentException(
          "%d readers and %d bytes; expected at least 1 and %d"
              .formatted(readers, memory, Piece.MEMORY));
    }
    this.listing = TreeListing.of(directory);
    this.pieces = Math.toIntExact(memory / Piece.MEMORY);
    this.ahead = new ReadAhead(directory, listing.files().iterator(), readers, pieces);
    for (int reader = 0; reader < readers; reader++) {
      threads.add(
          Thread.ofPlatform().daemon().name("xbstream-read-" + reader).unstarted(this::read));
    }
  }

  /// The names of all directories below the directory, sorted. The members imply those with files
  /// in them, but not the empty ones.
  public List<String> directories() {
    return listing.directories();
  }

  /// How many files there are, each of which becomes a member.
  public int files() {
    return listing.files().size();
  }

  /// The length of all files, in bytes. The stream is longer by its chunks' heads, and shorter by
  /// the holes.
  public long fileBytes() {
    return listing.files().stream().mapToLong(TreeListing.Entry::length).sum();
  }

  /// Writes all members, once. The chunks of one do not stand together, nor are the members in any
  /// order.
  ///
  /// @param out a blocking channel, used by the caller's thread only and not closed. What it is
  ///   given is mostly 1 MiB long, outside of the heap, and valid only during the call
  /// @throws IOException if a file could not be read or was not left alone, naming it; if `out`
  ///   fails; if this is closed meanwhile
  public void writeTo(WritableByteChannel out) throws IOException, InterruptedException {
    try (Arena arena = Arena.ofShared()) {
      try {
        for (int piece = 0; piece < pieces; piece++) {
          ahead.provide(arena.allocate(Piece.MEMORY).asByteBuffer());
        }
        threads.forEach(Thread::start);
        for (Piece piece = ahead.next(); piece != null; piece = ahead.next()) {
          while (piece.memory().hasRemaining()) {
            out.write(piece.memory());
          }
          ahead.sent(piece);
        }
      } finally {
        close();
      }
    }
  }

  private void read() {
    try {
      for (Piece piece = ahead.claim(); piece != null; piece = ahead.claim()) {
        piece.read();
        if (ahead.read(piece)) {
          piece.progress().file().close();
        }
      }
    } catch (IOException failure) {
      ahead.fail(failure);
    } catch (InterruptedException | RuntimeException | Error failure) {
      ahead.fail(new IOException("reading ahead failed: " + failure, failure));
    }
  }

  /// Ends the threads that read, and returns when they have ended. To be called by any thread: by
  /// another one, it makes the one that writes fail.
  @Override
  public void close() throws IOException {
    ahead.fail(new IOException("the stream was closed before all of it was written"));
    joinThreads();
    ahead.close();
  }

  /// Not to be interrupted: what a thread reads is at most 1 MiB more, and goes into memory that is
  /// to be freed.
  private void joinThreads() {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
