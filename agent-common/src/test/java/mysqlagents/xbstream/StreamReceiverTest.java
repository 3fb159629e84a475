package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import mysqlagents.files.Tree;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a stream becomes on disk, where all goes well.
class StreamReceiverTest {
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

  @TempDir private Path directory;

  /// After each test, however it ended: no descriptor and no thread is left.
  @AfterEach
  void leavesNothingOpen() {
    Leftovers.assertNone(directory);
  }

  @Test
  void unpacksMembersAtAnyDepth() throws IOException {
    ReceivedStream received =
        receive(
            new StreamBuilder()
                .member("ibdata1", "system")
                .member("app/t1.ibd", "table")
                .member("x/y/z/f", "deep")
                .end("app/empty.CSV"));
    assertThat(received.members())
        .containsExactlyInAnyOrder("ibdata1", "app/t1.ibd", "x/y/z/f", "app/empty.CSV");
    assertFiles("app/empty.CSV", "", "app/t1.ibd", "table", "ibdata1", "system", "x/y/z/f", "deep");
  }

  @Test
  void makesFilesAndDirectoriesForTheOwnerAndTheGroup() throws IOException {
    receive(new StreamBuilder().member("app/t1.ibd", "x"));
    assertThat(mode("app")).isEqualTo("rwxr-x---");
    assertThat(mode("app/t1.ibd")).isEqualTo("rw-r-----");
  }

  @Test
  void tellsLengthAndDigestOfAllBytesBeforeTheTrailer() throws IOException {
    byte[] backup = new StreamBuilder().member("a", HELLO).end("b").bytes();
    ReceivedStream received = receive(new StreamBuilder().raw(backup));
    StreamDigest digest = new StreamDigest();
    digest.update(backup, 0, backup.length);
    assertThat(received.bytes()).isEqualTo(backup.length);
    assertThat(received.digest()).isEqualTo(digest.value());
  }

  @Test
  void keepsTheTrailerInMemoryOnly() throws IOException {
    byte[] stream =
        new StreamBuilder()
            .member("a", HELLO)
            .data(StreamBuilder.TRAILER, 0, HELLO)
            .data(StreamBuilder.TRAILER, 5, new byte[0])
            .data(StreamBuilder.TRAILER, 5, HELLO)
            .end(StreamBuilder.TRAILER)
            .bytes();
    ReceivedStream received = Recipient.receive(stream, directory);
    assertThat(received.trailer()).asString().isEqualTo("hellohello");
    assertThat(received.members()).containsExactly("a");
    assertFiles("a", "hello");
  }

  @Test
  void takesABackupWithoutMembers() throws IOException {
    ReceivedStream received = receive(new StreamBuilder());
    assertThat(received.members()).isEmpty();
    assertThat(received.bytes()).isZero();
    assertFiles();
  }

  @Test
  void putsInterleavedMembersTogether() throws IOException {
    receive(
        new StreamBuilder()
            .data("a", 0, HELLO)
            .data("b", 0, HELLO)
            .data("a", 5, HELLO)
            .end("b")
            .data("a", 10, HELLO)
            .end("a"));
    assertFiles("a", "hellohellohello", "b", "hello");
  }

  @Test
  void expandsHoles() throws IOException {
    receive(
        new StreamBuilder()
            .sparse("a", 0, HELLO, 3, 2, 0, 0, 4, 3)
            .sparse("a", 12, HELLO, 0, 5, 1, 0)
            .data("a", 18, HELLO)
            .end("a")
            .sparse("b", 0, new byte[0], 7, 0)
            .end("b"));
    assertFiles("a", "\0\0\0he\0\0\0\0llohello\0hello", "b", "\0\0\0\0\0\0\0");
  }

  @Test
  void aHoleOfManyGibibytesTakesNoSpace() throws IOException {
    receive(new StreamBuilder().sparse("a", 0, HELLO, -1, 0, -1, 5, -1, 0).end("a"));
    Path file = directory.resolve("a");
    assertThat(Files.size(file)).isEqualTo(3 * 0xFFFF_FFFFL + 5);
    assertThat(OnDisk.kibibytes(file)).isLessThan(1000);
  }

  @Test
  void holesAtTheEndsOfChunksTakeNoSpace() throws IOException {
    StreamBuilder stream = new StreamBuilder();
    for (long chunk = 0; chunk < 200; chunk++) {
      stream.sparse("a", chunk << 20, new byte[0], 1 << 20, 0);
    }
    receive(stream.end("a"));
    Path file = directory.resolve("a");
    assertThat(Files.size(file)).isEqualTo(200 << 20);
    assertThat(OnDisk.kibibytes(file)).isLessThan(100);
  }

  @Test
  void goesBackAndForthWhereTheStreamSeeks() throws IOException {
    receive(
        new StreamBuilder()
            .data("a", 0, HELLO)
            .seek("a", 1)
            .data("a", 1, new byte[] {'E', 'L'})
            .seek("a", 7)
            .data("a", 7, new byte[] {'!'})
            .seek("a", 100)
            .end("a")
            .seek("b", 2)
            .data("b", 2, HELLO)
            .end("b"));
    assertFiles("a", "hELlo\0\0!", "b", "\0\0hello");
  }

  @Test
  void writesAgainWhatTheDonorRewrote() throws IOException {
    ReceivedStream received =
        receive(
            new StreamBuilder()
                .member("a", "a long first version")
                .member("b", HELLO)
                .data("a", 2, 0, HELLO)
                .data("b", 2, 0, HELLO)
                .data("a", 2, 5, HELLO)
                .end("a")
                .end("b")
                .data("new", 2, 0, HELLO)
                .end("new")
                .member("c", HELLO)
                .end("c", 2));
    assertThat(received.members()).containsExactlyInAnyOrder("a", "b", "c", "new");
    assertFiles("a", "hellohello", "b", "hello", "c", "", "new", "hello");
  }

  @Test
  void renames() throws IOException {
    ReceivedStream received =
        receive(
            new StreamBuilder()
                .member("app/t.MYD", "moved")
                .member("app/u.MYD", "replaced")
                .member("app/v.MYD", "kept")
                .rename("app/t.MYD", "app/u.MYD")
                .rename("app/u.MYD", "new/w.MYD")
                .rename("app/v.MYD", "app/v.MYD")
                .rename("app/never.MYD", "app/v.MYD"));
    assertThat(received.members()).containsExactlyInAnyOrder("app/v.MYD", "new/w.MYD");
    assertFiles("app/v.MYD", "kept", "new/w.MYD", "moved");
  }

  @Test
  void removesFilesDirectoriesAndWhatBeginsAlike() throws IOException {
    ReceivedStream received =
        receive(
            new StreamBuilder()
                .member("app/a", HELLO)
                .member("app/t#P#p0.MYD", HELLO)
                .member("app/t#P#p1.MYD", HELLO)
                .member("app/t#P#sub/x", HELLO)
                .member("app/t.frm", HELLO)
                .member("drop/x.MYD", HELLO)
                .member("drop/deep/er/y", HELLO)
                .member("dropped", HELLO)
                .remove("app/a")
                .remove("app/t#P#*")
                .remove("drop/x.MYD")
                .remove("drop")
                .remove("never")
                .remove("never/x")
                .remove("never*"));
    assertThat(received.members())
        .containsExactlyInAnyOrder("app/t#P#sub/x", "app/t.frm", "dropped");
    assertFiles("app/t#P#sub/x", "hello", "app/t.frm", "hello", "dropped", "hello");
    assertThat(directory.resolve("drop")).doesNotExist();
  }

  @Test
  void aNameIsFreeAgainOnceItIsRemovedOrRenamed() throws IOException {
    receive(
        new StreamBuilder()
            .member("a", "old")
            .remove("a")
            .member("a/b", "now a directory")
            .member("c", "old")
            .rename("c", "d")
            .member("c", "new")
            .remove("a")
            .member("a", "a file again"));
    assertFiles("a", "a file again", "c", "new", "d", "old");
  }

  @Test
  void anEmptiedDirectoryStaysUntilItIsRemoved() throws IOException {
    receive(
        new StreamBuilder()
            .member("kept/a", HELLO)
            .remove("kept/a")
            .member("gone/a", HELLO)
            .remove("gone/a")
            .remove("gone"));
    assertThat(directory.resolve("kept")).isEmptyDirectory();
    assertThat(directory.resolve("gone")).doesNotExist();
  }

  @Test
  void bringsLargeMembersToDiskInTheBackground() throws IOException {
    byte[] content = new byte[3 << 20];
    Arrays.fill(content, (byte) 'x');
    StreamBuilder stream = new StreamBuilder();
    for (int member = 0; member < 20; member++) {
      stream.member("t" + member, content);
    }
    receive(stream);
    assertThat(Recipient.contents(directory)).hasSize(20);
    assertThat(Recipient.contents(directory).values())
        .allSatisfy(bytes -> assertThat(bytes).isEqualTo(content));
  }

  @Test
  void tellsHowFarItHasCome() throws Exception {
    byte[] stream = new StreamBuilder().member("a", new byte[100_000]).receipt().bytes();
    StreamReceiver receiver =
        new StreamReceiver(
            directory, StreamReceiver.Options.of(StreamDialect.DETECT, StreamBuilder.TRAILER));
    assertThat(receiver.bytesReceived()).isZero();
    try (ServerSocketChannel server =
            ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SocketChannel donor = SocketChannel.open(server.getLocalAddress());
        SocketChannel recipient = server.accept();
        ExecutorService executor = Executors.newSingleThreadExecutor()) {
      Future<ReceivedStream> received = executor.submit(() -> receiver.receive(recipient));
      donor.write(ByteBuffer.wrap(stream, 0, 50_000));
      await().until(() -> receiver.bytesReceived() == 50_000);
      assertThat(received.isDone()).isFalse();
      donor.write(ByteBuffer.wrap(stream, 50_000, stream.length - 50_000));
      donor.shutdownOutput();
      assertThat(received.get().members()).containsExactly("a");
      assertThat(receiver.bytesReceived()).isEqualTo(stream.length);
    }
  }

  @Test
  void leavesItsChannelOpen() throws IOException {
    Trickle channel = new Trickle(new StreamBuilder().member("a", HELLO).receipt().bytes(), 100);
    Recipient.receive(channel, directory, StreamDialect.DETECT);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void wantsAnEmptyDirectory() throws IOException {
    Path file = Files.createFile(directory.resolve("f"));
    Path link = Files.createSymbolicLink(directory.resolve("l"), directory);
    byte[] stream = new StreamBuilder().receipt().bytes();
    assertThatThrownBy(() -> Recipient.receive(stream, directory))
        .isInstanceOf(DirectoryNotEmptyException.class)
        .hasMessage(directory.toString());
    for (Path other : new Path[] {file, link, directory.resolve("none")}) {
      assertThatThrownBy(() -> Recipient.receive(stream, other))
          .isInstanceOf(NotDirectoryException.class)
          .hasMessage(other.toString());
    }
  }

  @Test
  void receivesOnce() throws IOException {
    StreamReceiver receiver =
        new StreamReceiver(
            directory, StreamReceiver.Options.of(StreamDialect.DETECT, StreamBuilder.TRAILER));
    byte[] stream = new StreamBuilder().receipt().bytes();
    receiver.receive(Channels.newChannel(new ByteArrayInputStream(stream)));
    assertThatIllegalStateException()
        .isThrownBy(() -> receiver.receive(Channels.newChannel(new ByteArrayInputStream(stream))));
  }

  @Test
  void wantsOptionsThatAllowForAStream() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StreamReceiver.Options.of(StreamDialect.DETECT, "../receipt"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StreamReceiver.Options(StreamDialect.DETECT, "receipt", 0, 1))
        .withMessageContaining("at most 0 open files");
  }

  @Test
  void namesTheFileThatTheDiskRefuses() throws IOException {
    byte[] stream = new StreamBuilder().member("app/a", HELLO).member("app/b", HELLO).bytes();
    Trickle channel = new Trickle(stream, 10);
    channel.after(70, () -> Tree.delete(directory.resolve("app")));
    assertThatThrownBy(() -> Recipient.receive(channel, directory, StreamDialect.DETECT))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(directory.resolve("app/b").toString());
  }

  @Test
  void namesTheFileThatIsTooLongForTheDisk() {
    String name = "app/" + "x".repeat(300);
    assertThatThrownBy(() -> receive(new StreamBuilder().member(name, HELLO)))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining(directory + "/" + name)
        .hasMessageContaining("File name too long");
  }

  private ReceivedStream receive(StreamBuilder stream) throws IOException {
    return Recipient.receiveAndVerify(stream.receipt().bytes(), directory);
  }

  private void assertFiles(String... namesAndContents) throws IOException {
    var expected = new TreeMap<String, String>();
    for (int index = 0; index < namesAndContents.length; index += 2) {
      expected.put(namesAndContents[index], namesAndContents[index + 1]);
    }
    var found = new TreeMap<String, String>();
    Recipient.contents(directory)
        .forEach((name, bytes) -> found.put(name, new String(bytes, StandardCharsets.ISO_8859_1)));
    assertThat(found).isEqualTo(expected);
  }

  private String mode(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name)));
  }
}
