package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import mysqlagents.files.Tree;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Trees that are not at rest, channels that fail or do not go on, and callers that give up.
@Timeout(120)
final class TreeStreamFailureTest {
  private static final int READERS = 3;

  /// For 7 pieces.
  private static final long MEMORY = 8 << 20;

  /// Far more than fits the memory.
  private static final int LONG = 50 << 20;

  @TempDir private Path directory;

  @TempDir private Path elsewhere;

  /// What a channel does with each piece.
  @FunctionalInterface
  private interface Sink {
    void write() throws IOException;
  }

  private static WritableByteChannel channel(Sink sink) {
    return new WritableByteChannel() {
      @Override
      public int write(ByteBuffer bytes) throws IOException {
        sink.write();
        int count = bytes.remaining();
        bytes.position(bytes.limit());
        return count;
      }

      @Override
      public boolean isOpen() {
        return true;
      }

      @Override
      public void close() {
        throw new AssertionError("a writer does not close its channel");
      }
    };
  }

  @AfterEach
  void leavesNothingBehind() {
    assertNothingIsLeft();
  }

  private void assertNothingIsLeft() {
    assertThat(readers()).isEmpty();
    Leftovers.assertNone(directory);
  }

  private static List<Thread> readers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("xbstream-read-"))
        .toList();
  }

  private TreeStream open() throws IOException {
    return new TreeStream(directory, READERS, MEMORY);
  }

  private void assertFails(TreeStream stream, String message) {
    assertThatThrownBy(() -> stream.writeTo(channel(() -> {})))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(message);
    assertNothingIsLeft();
  }

  @Test
  void aFileThatVanishedIsAFailure() throws IOException {
    Path file = Files.writeString(directory.resolve("a"), "x");
    try (TreeStream stream = open()) {
      Files.delete(file);
      assertFails(stream, file + ": has vanished before it could be sent");
    }
  }

  @Test
  void aDirectoryThatVanishedIsAFailure() throws IOException {
    Path file = Files.createDirectory(directory.resolve("d")).resolve("a");
    Files.writeString(file, "x");
    try (TreeStream stream = open()) {
      Tree.delete(directory.resolve("d"));
      assertFails(stream, file + ": has vanished before it could be sent");
    }
  }

  @Test
  void aFileThatBecameALinkIsAFailure() throws IOException {
    Path file = Files.writeString(directory.resolve("a"), "x");
    try (TreeStream stream = open()) {
      Files.move(file, elsewhere.resolve("a"));
      Files.createSymbolicLink(file, elsewhere.resolve("a"));
      assertThatThrownBy(() -> stream.writeTo(channel(() -> {})))
          .isInstanceOf(FileSystemException.class)
          .hasMessageStartingWith(file + ": ");
    }
  }

  @Test
  void aDirectoryThatBecameALinkIsAFailure() throws IOException {
    Path inner = Files.createDirectory(directory.resolve("d"));
    Files.writeString(inner.resolve("a"), "x");
    try (TreeStream stream = open()) {
      Files.move(inner, elsewhere.resolve("d"));
      Files.createSymbolicLink(inner, elsewhere.resolve("d"));
      assertFails(stream, inner + ": is a link, and links are not followed here");
    }
  }

  @Test
  void aFileThatHasAnotherLengthIsAFailure() throws IOException {
    Path file = directory.resolve("a");
    for (int[] lengths : new int[][] {{100_000, 99_999}, {100_000, 100_001}, {0, 1}}) {
      Files.write(file, new byte[lengths[0]]);
      try (TreeStream stream = open()) {
        Files.write(file, new byte[lengths[1]]);
        assertFails(stream, changed(file, lengths[0], lengths[1]));
      }
    }
  }

  private static String changed(Path file, int before, int now) {
    return "%s: has changed while it was to be sent: it had %d bytes, and now it has %d"
        .formatted(file, before, now);
  }

  @Test
  void aFileThatShrinksWhileItIsReadIsAFailure() throws IOException {
    assertShrinkingIsAFailure(Files.write(directory.resolve("a"), new byte[LONG]));
  }

  @Test
  void aFileWithHolesThatShrinksWhileItIsReadIsAFailure() throws IOException {
    // Data in each piece, so that no hole is passed over as a whole.
    long[] offsets = LongStream.range(0, 50).map(piece -> piece << 20).toArray();
    Path file = directory.resolve("a");
    OnDisk.write(file, LONG, 1, new Random(1), offsets);
    assertShrinkingIsAFailure(file);
  }

  /// The file is cut when something of it has been sent, and most of it not been read.
  private void assertShrinkingIsAFailure(Path file) throws IOException {
    try (TreeStream stream = open();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      assertThatThrownBy(() -> stream.writeTo(channel(() -> channel.truncate(100))))
          .isInstanceOf(FileSystemException.class)
          .hasMessage(changed(file, LONG, 100));
    }
  }

  @Test
  void theChannelsFailureReachesTheCaller() throws IOException {
    Files.write(directory.resolve("a"), new byte[LONG]);
    IOException failure = new IOException("connection lost");
    try (TreeStream stream = open()) {
      assertThatThrownBy(() ->
              stream.writeTo(
                  channel(() -> {
                    throw failure;
                  })))
          .isSameAs(failure);
      assertNothingIsLeft();
    }
  }

  @Test
  void anInterruptionEndsIt() throws IOException {
    Files.write(directory.resolve("a"), new byte[LONG]);
    try (TreeStream stream = open()) {
      assertThatThrownBy(() -> stream.writeTo(channel(Thread.currentThread()::interrupt)))
          .isInstanceOf(InterruptedException.class);
      assertNothingIsLeft();
    }
  }

  @Test
  void aChannelThatDoesNotGoOnHoldsTheReadersBackUntilItIsClosed() throws Exception {
    for (int file = 0; file < 200; file++) {
      Files.write(directory.resolve("f" + file), new byte[100_000]);
    }
    CountDownLatch written = new CountDownLatch(1);
    TreeStream stream = open();
    CompletableFuture<@Nullable Exception> end = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            stream.writeTo(channel(() -> await(written)));
            end.complete(null);
          } catch (IOException | InterruptedException failure) {
            end.complete(failure);
          }
        });
    Awaitility.await().until(TreeStreamFailureTest::allReadersWait);
    stream.close();
    assertNothingIsLeft();
    written.countDown();
    assertThat(end.get(1, TimeUnit.MINUTES))
        .isInstanceOf(IOException.class)
        .hasMessage("the stream was closed before all of it was written");
  }

  private static boolean allReadersWait() {
    List<Thread> readers = readers();
    return readers.size() == READERS
        && readers.stream().allMatch(reader -> reader.getState() == Thread.State.WAITING);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException failure) {
      throw new IOException(failure);
    }
  }

  @Test
  void oneThatIsClosedWritesNothing() throws IOException {
    Files.writeString(directory.resolve("a"), "x");
    TreeStream stream = open();
    stream.close();
    assertThatThrownBy(() ->
            stream.writeTo(
                channel(() -> {
                  throw new AssertionError("nothing is to be written");
                })))
        .isInstanceOf(IOException.class)
        .hasMessage("the stream was closed before all of it was written");
  }
}
