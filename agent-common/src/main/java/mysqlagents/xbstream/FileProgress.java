package mysqlagents.xbstream;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/// How far a file has come on its way into a stream, piece by piece: claimed by a reader, read,
/// ready to be sent, sent. Guarded by the monitor of its [ReadAhead].
final class FileProgress {
  private final SourceFile file;

  /// Up to where pieces have been claimed.
  private long claimed;

  private boolean allClaimed;

  /// Up to where pieces have become ready.
  private long ready;

  /// Pieces that were read before one that comes earlier in the file, by their offset.
  private final Map<Long, Piece> early = new HashMap<>();

  private int beingRead;

  /// Pieces from being claimed to being sent.
  private int underway;

  FileProgress(SourceFile file) {
    this.file = file;
  }

  SourceFile file() {
    return file;
  }

  /// @param readers how many may read the file at a time
  /// @param pieces how many may be under way
  boolean isClaimable(int readers, int pieces) {
    return !allClaimed && beingRead < readers && underway < pieces;
  }

  boolean isAllClaimed() {
    return allClaimed;
  }

  boolean isAllRead() {
    return allClaimed && beingRead == 0;
  }

  boolean isAllSent() {
    return allClaimed && underway == 0;
  }

  /// The next piece, which is for the caller to read. An empty file has one, of no length.
  Piece claim(ByteBuffer memory) {
    long hole = (file.holeEnd() - claimed) / Piece.LENGTH * Piece.LENGTH;
    long most = Math.clamp(hole, Piece.LENGTH, Piece.LONGEST_HOLE);
    long length = Math.min(most, file.length() - claimed);
    Piece piece = new Piece(this, claimed, length, memory);
    claimed += length;
    allClaimed = claimed == file.length();
    beingRead++;
    underway++;
    return piece;
  }

  /// Adds to `queue` what can be sent now that `piece` has been read: in the file's order.
  void read(Piece piece, Queue<Piece> queue) {
    beingRead--;
    early.put(piece.offset(), piece);
    for (Piece next = early.remove(ready); next != null; next = early.remove(ready)) {
      queue.add(next);
      ready += next.length();
    }
  }

  void sent() {
    underway--;
  }
}
