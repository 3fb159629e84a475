package mysqlagents.xbstream;

import static mysqlagents.xbstream.StreamBuilder.TRAILER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import mysqlagents.files.Tree;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Streams that are well formed chunk by chunk, and yet must not become a data directory.
class HostileStreamTest {
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

  @TempDir(factory = InMemory.class)
  private Path parent;

  private Path directory = Path.of("");

  @BeforeEach
  void makeDirectory() throws IOException {
    directory = Files.createDirectory(parent.resolve("staging"));
  }

  /// After each test: nothing is outside of the directory, and nothing is left open.
  @AfterEach
  void staysInItsDirectory() throws IOException {
    Leftovers.assertNone(directory);
    try (var entries = Files.list(parent)) {
      assertThat(entries).containsExactly(directory);
    }
  }

  @Test
  void aStreamWithoutATrailerIsNotConfirmed() {
    assertRefused(
        new StreamBuilder().member("a", HELLO),
        "at byte 55 of the stream: the stream ends without the trailer 'receipt.json': the donor"
            + " did not confirm that its backup is complete");
    assertRefused(new StreamBuilder(), "the stream ends without the trailer");
  }

  @Test
  void aTrailerThatHasNotEndedConfirmsNothing() {
    assertRefused(
        new StreamBuilder().data(TRAILER, 0, HELLO), "the stream ends inside the trailer");
  }

  @Test
  void nothingMayFollowTheTrailer() {
    assertRefused(
        new StreamBuilder().receipt().member("a", HELLO),
        "a chunk of 'a' after the trailer 'receipt.json', which must be the last member");
    assertRefused(new StreamBuilder().receipt().remove("a"), "a chunk of 'a' after the trailer");
    assertRefused(
        new StreamBuilder().receipt().raw(new byte[1]),
        "the stream ends inside a chunk's header: expected 14 more bytes, got 1");
    assertRefused(new StreamBuilder().receipt().raw(new byte[14]), "expected the start of a chunk");
  }

  @Test
  void nothingMayInterleaveWithTheTrailer() {
    assertRefused(
        new StreamBuilder().data("a", 0, HELLO).receipt().end("a"),
        "the trailer begins before 'a' has ended (members open: 1)");
    assertRefused(
        new StreamBuilder().data(TRAILER, 0, HELLO).member("a", HELLO).end(TRAILER),
        "a chunk of 'a' after the trailer");
  }

  @Test
  void theTrailerComesOnce() {
    String message = "a chunk of the trailer 'receipt.json' after its end";
    assertRefused(new StreamBuilder().receipt().receipt(), message);
    assertRefused(new StreamBuilder().receipt().end(TRAILER), message);
  }

  @Test
  void theTrailerIsShort() {
    assertRefused(
        new StreamBuilder().dataHeader(TRAILER, 1L << 62, 0, 0),
        "the trailer 'receipt.json' is longer than 65536 bytes");
    assertRefused(
        new StreamBuilder().member(TRAILER, new byte[65_537]), "is longer than 65536 bytes");
    assertRefused(
        new StreamBuilder()
            .data(TRAILER, 0, new byte[65_536])
            .data(TRAILER, 65_536, new byte[1])
            .end(TRAILER),
        "is longer than 65536 bytes");
  }

  @Test
  void theTrailerIsContiguous() {
    assertRefused(
        new StreamBuilder().data(TRAILER, 0, HELLO).data(TRAILER, 4, HELLO).end(TRAILER),
        "the trailer 'receipt.json' goes on at its offset 4; expected 5");
    assertRefused(new StreamBuilder().data(TRAILER, 1, HELLO), "at its offset 1; expected 0");
  }

  @Test
  void theTrailersChunksArePlain() {
    String message = "the name 'receipt.json' is the trailer's; only plain payloads and an end";
    assertRefused(new StreamBuilder().data(TRAILER, 2, 0, HELLO).end(TRAILER), message);
    assertRefused(new StreamBuilder().data(TRAILER, 1, 0, HELLO).end(TRAILER), message);
    assertRefused(new StreamBuilder().data(TRAILER, 0, HELLO).end(TRAILER, 0x80), message);
    assertRefused(new StreamBuilder().sparse(TRAILER, 0, HELLO, 0, 5).end(TRAILER), message);
    assertRefused(new StreamBuilder().seek(TRAILER, 0).end(TRAILER), message);
  }

  @Test
  void theTrailersNameIsNotForOthers() {
    String message = "the name 'receipt.json' is the trailer's";
    assertRefused(new StreamBuilder().member(TRAILER + "/x", HELLO).receipt(), message);
    assertRefused(new StreamBuilder().remove(TRAILER).receipt(), message);
    assertRefused(new StreamBuilder().rename(TRAILER, "a").receipt(), message);
    assertRefused(new StreamBuilder().member("a", HELLO).rename("a", TRAILER).receipt(), message);
    assertRefused(
        new StreamBuilder().member("a", HELLO).rename("a", TRAILER + "/x").receipt(), message);
    assertRefused(new StreamBuilder().receipt().rename(TRAILER, "a"), message);
  }

  @Test
  void everyMemberMustEnd() {
    assertRefused(
        new StreamBuilder().data("b", 0, HELLO).data("a", 0, HELLO).end("b"),
        "the stream ends before 'a' has ended (members open: 1)");
  }

  @Test
  void aNameComesOnceUnlessRewritten() {
    assertRefused(
        new StreamBuilder().member("a", HELLO).member("a", HELLO).receipt(),
        "at byte 55 of the stream: 'a' begins a second time");
    assertRefused(new StreamBuilder().end("a").end("a").receipt(), "'a' begins a second time");
    assertRefused(
        new StreamBuilder().member("a", HELLO).seek("a", 0).end("a").receipt(),
        "'a' begins a second time");
  }

  @Test
  void offsetsAreContiguous() {
    assertRefused(
        new StreamBuilder().data("a", 1, HELLO), "'a' goes on at its offset 1; expected 0");
    assertRefused(
        new StreamBuilder().data("a", 0, HELLO).data("a", 4, HELLO), "offset 4; expected 5");
    assertRefused(
        new StreamBuilder().data("a", 0, HELLO).data("a", 6, HELLO), "offset 6; expected 5");
    assertRefused(
        new StreamBuilder().data("a", 0, HELLO).data("a", 2, 0, HELLO), "offset 0; expected 5");
    assertRefused(
        new StreamBuilder().sparse("a", 0, HELLO, 3, 5).sparse("a", 5, HELLO, 3, 5),
        "offset 5; expected 8");
  }

  @Test
  void aNameIsAFileOrADirectory() {
    assertRefused(
        new StreamBuilder().member("a", HELLO).member("a/b", HELLO),
        "'a/b' would lie in 'a', which is a file");
    assertRefused(
        new StreamBuilder().data("a", 0, HELLO).member("a/b/c", HELLO),
        "'a/b/c' would lie in 'a', which is a file");
    assertRefused(
        new StreamBuilder().member("a/b/c", HELLO).member("a/b", HELLO),
        "the file 'a/b' has the name of a directory");
    assertRefused(
        new StreamBuilder().member("a/b", HELLO).data("a", 2, 0, HELLO),
        "the file 'a' has the name of a directory");
    assertRefused(
        new StreamBuilder().member("a/b", HELLO).member("c", HELLO).rename("c", "a"),
        "the file 'a' has the name of a directory");
    assertRefused(
        new StreamBuilder().member("a", HELLO).rename("a", "a/b"),
        "'a/b' would lie in 'a', which is a file");
    assertRefused(
        new StreamBuilder().member("a/b", HELLO).rename("a", "c"),
        "a rename of 'a', which is a directory");
  }

  @Test
  void openMembersAreNeitherRenamedNorRemoved() {
    assertRefused(
        new StreamBuilder().data("a", 0, HELLO).rename("a", "b"),
        "a rename of 'a', which has not ended yet");
    assertRefused(
        new StreamBuilder().data("a", 0, HELLO).member("b", HELLO).rename("b", "a"),
        "a rename of 'a', which has not ended yet");
    assertRefused(
        new StreamBuilder().data("a", 0, HELLO).remove("a"),
        "a remove of 'a', which has not ended yet");
    assertRefused(
        new StreamBuilder().data("d/a", 0, HELLO).remove("d"),
        "a remove of 'd/a', which has not ended yet");
    assertRefused(
        new StreamBuilder().data("t#P#0", 0, HELLO).remove("t#P#*"),
        "a remove of 't#P#0', which has not ended yet");
  }

  @Test
  void nothingRemovesAWholeDirectoryByStar() {
    assertRefused(
        new StreamBuilder().member("a", HELLO).remove("*"), "a remove of everything in '.'");
    assertRefused(
        new StreamBuilder().member("d/a", HELLO).remove("d/*"), "a remove of everything in 'd/'");
  }

  @Test
  void namesAsDeepAsTheyGoDoNoHarm() throws IOException {
    String deep = "d/".repeat(255) + "f";
    Recipient.receiveAndVerify(
        new StreamBuilder().member(deep, HELLO).remove("d").receipt().bytes(), directory);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aClaimOfExbibytesIsNotBelieved() {
    assertRefused(
        new StreamBuilder().dataHeader("a", 1L << 62, 0, 0).raw(HELLO),
        "inside the payload of 'a': 4611686018427387899 more bytes were to come");
  }

  @Test
  void onlySoManyMembersMayBeOpen() {
    StreamBuilder stream = new StreamBuilder();
    for (int member = 0; member < 4; member++) {
      stream.data("a" + member, 0, HELLO);
    }
    assertThatThrownBy(() -> receive(stream, 3, 100))
        .isInstanceOf(CorruptStreamException.class)
        .hasMessageContaining("'a3' begins while 3 other members are open, which is the limit");
  }

  @Test
  void onlySoManyMembersMayCome() {
    StreamBuilder stream = new StreamBuilder();
    for (int member = 0; member < 4; member++) {
      stream.end("a").remove("a");
    }
    assertThatThrownBy(() -> receive(stream, 3, 3))
        .isInstanceOf(CorruptStreamException.class)
        .hasMessageContaining("'a' would be member 4; the limit is 3");
  }

  @Test
  void aLinkPlantedForADirectoryIsNotFollowed() throws IOException {
    Path target = Files.createDirectory(directory.resolveSibling("target"));
    byte[] stream = new StreamBuilder().member("b/x", HELLO).member("a/x", HELLO).bytes();
    Trickle channel = new Trickle(stream, 10);
    channel.after(40, () -> Files.createSymbolicLink(directory.resolve("a"), target));
    assertThatThrownBy(() -> Recipient.receive(channel, directory, StreamDialect.DETECT))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage(directory.resolve("a").toString());
    assertThat(target).isEmptyDirectory();
    Files.delete(target);
  }

  @Test
  void aDirectoryReplacedByALinkIsNotFollowed() throws IOException {
    Path target = Files.createDirectory(directory.resolveSibling("target"));
    StreamBuilder stream = new StreamBuilder().member("a/x", HELLO);
    int then = stream.bytes().length;
    for (byte[] more :
        new byte[][] {
          new StreamBuilder().member("a/y", HELLO).bytes(),
          new StreamBuilder().remove("a/x").bytes(),
          new StreamBuilder().rename("a/x", "z").bytes()
        }) {
      Trickle channel = new Trickle(new StreamBuilder().raw(stream.bytes()).raw(more).bytes(), 10);
      Files.createFile(target.resolve("x"));
      channel.after(
          then,
          () -> {
            Tree.delete(directory.resolve("a"));
            Files.createSymbolicLink(directory.resolve("a"), target);
          });
      assertThatThrownBy(() -> Recipient.receive(channel, directory, StreamDialect.DETECT))
          .isInstanceOf(FileSystemException.class)
          .hasMessage(directory.resolve("a") + ": is a link, and links are not followed here");
      assertThat(Recipient.contents(target)).containsOnlyKeys("x");
      Files.delete(directory.resolve("a"));
      Files.delete(target.resolve("x"));
    }
    Files.delete(target);
  }

  @Test
  void aLinkPlantedForAFileIsNotFollowed() throws IOException {
    Path target = Files.writeString(directory.resolveSibling("target"), "precious");
    byte[] stream = new StreamBuilder().member("b", HELLO).member("a", HELLO).bytes();
    Trickle channel = new Trickle(stream, 10);
    channel.after(40, () -> Files.createSymbolicLink(directory.resolve("a"), target));
    assertThatThrownBy(() -> Recipient.receive(channel, directory, StreamDialect.DETECT))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage(directory.resolve("a").toString());
    assertThat(target).hasContent("precious");
    Files.delete(target);
  }

  @Test
  void aFilePlantedByOthersIsNeitherOverwrittenNorRemoved() throws IOException {
    byte[] stream = new StreamBuilder().member("d/b", HELLO).remove("d").member("c", HELLO).bytes();
    Trickle channel = new Trickle(stream, 10);
    channel.after(40, () -> Files.writeString(directory.resolve("d/theirs"), "precious"));
    assertThatThrownBy(() -> Recipient.receive(channel, directory, StreamDialect.DETECT))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining(directory.resolve("d").toString());
    assertThat(directory.resolve("d/theirs")).hasContent("precious");
  }

  private void assertRefused(StreamBuilder stream, String message) {
    assertThatThrownBy(
            () -> {
              Files.createDirectories(directory);
              try {
                Recipient.receive(stream.bytes(), directory);
              } finally {
                Leftovers.assertNone(directory);
                Tree.delete(directory);
                Files.createDirectory(directory);
              }
            })
        .isInstanceOf(CorruptStreamException.class)
        .hasMessageContaining(message);
  }

  private void receive(StreamBuilder stream, int openFiles, long members) throws IOException {
    new StreamReceiver(
            directory,
            new StreamReceiver.Options(StreamDialect.DETECT, TRAILER, openFiles, members))
        .receive(Channels.newChannel(new ByteArrayInputStream(stream.bytes())));
  }
}
