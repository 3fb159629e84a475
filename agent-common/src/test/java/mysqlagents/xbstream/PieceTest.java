package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PieceTest {
  private static final long LENGTH = 5L << 30;

  @TempDir private Path directory;

  private final ByteBuffer memory = ByteBuffer.allocateDirect(Piece.MEMORY);

  @Test
  void aHoleIsPassedOverInFewPiecesOnceItIsKnown() throws IOException {
    try (SourceFile file = fileOfOneHole()) {
      FileProgress progress = new FileProgress(file);
      Piece first = progress.claim(memory);
      assertThat(first.length()).isEqualTo(Piece.LENGTH);
      first.read();
      assertThat(bytes(first))
          .isEqualTo(new StreamBuilder().sparse("a", 0, new byte[0], Piece.LENGTH, 0).bytes());
      Piece second = progress.claim(memory);
      assertThat(second.length()).isEqualTo(Piece.LONGEST_HOLE);
      second.read();
      assertThat(bytes(second))
          .isEqualTo(
              new StreamBuilder()
                  .sparse("a", Piece.LENGTH, new byte[0], (int) Piece.LONGEST_HOLE, 0)
                  .bytes());
    }
  }

  @Test
  void aHoleThatIsFilledMeanwhileIsAFailure() throws IOException {
    try (SourceFile file = fileOfOneHole()) {
      FileProgress progress = new FileProgress(file);
      progress.claim(memory).read();
      Piece hole = progress.claim(memory);
      OnDisk.write(directory.resolve("a"), LENGTH, 1, new Random(1), 3 << 20);
      assertThatThrownBy(hole::read)
          .isInstanceOf(FileSystemException.class)
          .hasMessage(
              directory.resolve("a")
                  + ": has changed while it was to be sent: a hole at its offset 1048576 is gone");
    }
  }

  private SourceFile fileOfOneHole() throws IOException {
    OnDisk.write(directory.resolve("a"), LENGTH, 1, new Random(1));
    return new SourceFile(directory, new TreeListing.Entry(new MemberName("a"), LENGTH));
  }

  private static byte[] bytes(Piece piece) {
    byte[] bytes = new byte[piece.memory().remaining()];
    piece.memory().get(bytes);
    return bytes;
  }
}
