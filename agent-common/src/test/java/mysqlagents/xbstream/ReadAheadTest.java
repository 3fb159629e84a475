package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who gets what in which order; no file is read.
@Timeout(60)
final class ReadAheadTest {
  private static final long MEBIBYTE = 1 << 20;

  private static ReadAhead readAhead(int readers, int pieces, TreeListing.Entry... files) {
    ReadAhead ahead =
        new ReadAhead(Path.of("nowhere"), Arrays.asList(files).iterator(), readers, pieces);
    for (int piece = 0; piece < pieces; piece++) {
      ahead.provide(ByteBuffer.allocate(1));
    }
    return ahead;
  }

  private static TreeListing.Entry file(String name, long length) {
    return new TreeListing.Entry(new MemberName(name), length);
  }

  @Test
  void aFileGoesPieceByPieceAndThenComesTheNext() throws Exception {
    ReadAhead ahead = readAhead(4, 10, file("a", 2 * MEBIBYTE + 3), file("b", 0), file("c", 5));
    assertPiece(claimed(ahead), "a", 0, MEBIBYTE);
    assertPiece(claimed(ahead), "a", MEBIBYTE, MEBIBYTE);
    assertPiece(claimed(ahead), "a", 2 * MEBIBYTE, 3);
    assertPiece(claimed(ahead), "b", 0, 0);
    assertPiece(claimed(ahead), "c", 0, 5);
    assertThat(ahead.claim()).isNull();
  }

  @Test
  void aFileThatTheDiskIsSlowWithHoldsUpNoOther() throws Exception {
    ReadAhead ahead =
        readAhead(2, 4, file("slow", 100 * MEBIBYTE), file("b", MEBIBYTE), file("c", MEBIBYTE));
    assertPiece(claimed(ahead), "slow", 0, MEBIBYTE);
    for (String other : List.of("b", "c")) {
      Piece piece = claimed(ahead);
      assertPiece(piece, other, 0, MEBIBYTE);
      assertThat(ahead.read(piece)).isTrue();
      assertThat(ahead.next()).isSameAs(piece);
      ahead.sent(piece);
    }
  }

  @Test
  void aFileThatGetsNoFurtherLeavesMemoryForOthers() throws Exception {
    ReadAhead ahead = readAhead(8, 4, file("slow", 100 * MEBIBYTE), file("b", 1));
    Piece first = claimed(ahead);
    Piece second = claimed(ahead);
    ahead.read(second);
    Piece other = claimed(ahead);
    assertPiece(other, "b", 0, 1);
    ahead.read(other);
    assertThat(ahead.next()).isSameAs(other);
    ahead.read(first);
    assertThat(ahead.next()).as("in the file's order").isSameAs(first);
    assertThat(ahead.next()).isSameAs(second);
  }

  @Test
  void soManyFilesAreBegunAndNoMore() throws Exception {
    List<TreeListing.Entry> files = new ArrayList<>();
    for (int index = 0; index <= ReadAhead.FILES; index++) {
      files.add(file("f" + index, 1));
    }
    ReadAhead ahead = readAhead(2, 2 * ReadAhead.FILES, files.toArray(TreeListing.Entry[]::new));
    Piece first = claimed(ahead);
    for (int index = 1; index < ReadAhead.FILES; index++) {
      claimed(ahead);
    }
    Claim claim = new Claim(ahead);
    ahead.read(first);
    claim.awaitWaiting();
    ahead.sent(Objects.requireNonNull(ahead.next()));
    assertPiece(
        Objects.requireNonNull(claim.piece.get(1, TimeUnit.MINUTES)), "f" + ReadAhead.FILES, 0, 1);
  }

  @Test
  void whoFindsNoMemoryWaitsForIt() throws Exception {
    ReadAhead ahead = readAhead(2, 1, file("a", MEBIBYTE), file("b", MEBIBYTE));
    Piece piece = claimed(ahead);
    Claim claim = new Claim(ahead);
    claim.awaitWaiting();
    ahead.read(piece);
    ahead.sent(Objects.requireNonNull(ahead.next()));
    assertPiece(Objects.requireNonNull(claim.piece.get(1, TimeUnit.MINUTES)), "b", 0, MEBIBYTE);
  }

  @Test
  void aFailureReachesAll() throws Exception {
    ReadAhead ahead = readAhead(2, 1, file("a", MEBIBYTE), file("b", MEBIBYTE));
    claimed(ahead);
    Claim claim = new Claim(ahead);
    claim.awaitWaiting();
    ahead.fail(new IOException("the first"));
    ahead.fail(new IOException("another"));
    assertThat(claim.piece.get(1, TimeUnit.MINUTES)).isNull();
    assertThatThrownBy(ahead::next).isInstanceOf(IOException.class).hasMessage("the first");
  }

  @Test
  void theSenderIsDoneWhenAllIsSent() throws Exception {
    ReadAhead ahead = readAhead(2, 2, file("a", 1));
    Piece piece = claimed(ahead);
    ahead.read(piece);
    assertThat(ahead.next()).isSameAs(piece);
    ahead.sent(piece);
    assertThat(ahead.next()).isNull();
  }

  private static Piece claimed(ReadAhead ahead) throws InterruptedException {
    return Objects.requireNonNull(ahead.claim());
  }

  private static void assertPiece(Piece piece, String name, long offset, long length) {
    assertThat(piece.progress().file().name()).hasToString(name);
    assertThat(piece.offset()).isEqualTo(offset);
    assertThat(piece.length()).isEqualTo(length);
  }

  /// A reader that wants a piece.
  private static final class Claim {
    private final CompletableFuture<@Nullable Piece> piece = new CompletableFuture<>();
    private final Thread thread;

    Claim(ReadAhead ahead) {
      thread =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                try {
                  piece.complete(ahead.claim());
                } catch (InterruptedException failure) {
                  piece.completeExceptionally(failure);
                }
              });
    }

    void awaitWaiting() {
      Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
    }
  }
}
