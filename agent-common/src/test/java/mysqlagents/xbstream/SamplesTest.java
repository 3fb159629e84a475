package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams that the tools wrote, and streams with one defect each; see the README beside them.
class SamplesTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"mariadb-10.11/p_ddl", "mariadb-10.11/p_seek"})
  void becomeTheFilesThatMbstreamMakesOfThem(String capture) throws Exception {
    ReceivedStream received = receiveWithTrailer(capture + ".xbs.zst", StreamDialect.DETECT);
    Map<String, String> expected =
        text(capture + ".extracted.sha256")
            .lines()
            .collect(Collectors.toMap(line -> line.substring(66), line -> line.substring(0, 64)));
    assertThat(received.members()).isEqualTo(expected.keySet());
    assertThat(checksums()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"mariadb-10.11/p_inter, 260, 201393162", "mariadb-11.8/p118,     234, 119630714"})
  void haveTheMembersThatAnIndependentDecoderFinds(String capture, int members, long bytes)
      throws IOException {
    ReceivedStream received = receiveWithTrailer(capture + ".xbs.zst", StreamDialect.MARIADB);
    Map<String, Long> expected =
        text(capture + ".lst")
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split("\t"))
            .collect(Collectors.toMap(row -> row[0], row -> Long.parseLong(row[1])));
    assertThat(received.bytes()).isEqualTo(bytes);
    assertThat(received.members()).hasSize(members).isEqualTo(expected.keySet());
    for (Map.Entry<String, Long> file : expected.entrySet()) {
      assertThat(Files.size(directory.resolve(file.getKey())))
          .as(file.getKey())
          .isEqualTo(file.getValue());
    }
  }

  /// The stock readers accept this one.
  @Test
  void aServerThatStoppedInMidBackupLeavesAStreamThatNobodyConfirmed() {
    assertThatThrownBy(() -> receive("mariadb-10.11/f_srv.xbs.zst", StreamDialect.MARIADB))
        .isInstanceOf(TruncatedStreamException.class)
        .hasMessage(
            "at byte 72663892 of the stream: the stream ends without the trailer 'receipt.json':"
                + " the donor did not confirm that its backup is complete");
  }

  @Test
  void aToolThatWasKilledLeavesAStreamThatEndsInsideAChunk() {
    assertThatThrownBy(() -> receive("mariadb-10.11/f_KILL.xbs.zst", StreamDialect.MARIADB))
        .isInstanceOf(TruncatedStreamException.class)
        .hasMessageContaining("the stream ends inside the payload of 'ibdata1'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PERCONA", "DETECT"})
  void sparseMembersOfXtrabackupAreExpanded(StreamDialect dialect) throws IOException {
    ReceivedStream received =
        receiveWithTrailer("pxb-8-by-hand/plain_80_gtid_replica.xbs.zst", dialect);
    assertThat(received.members())
        .hasSize(15)
        .contains("ibdata1", "app/t_pc.ibd", "xtrabackup_tablespaces");
    byte[] sparse = Files.readAllBytes(directory.resolve("app/t_pc.ibd"));
    // Four pages of 16 KiB: one full, the others cut to 4 KiB with a hole behind; each holds its
    // number in four bytes, then one value throughout.
    byte[] expected = new byte[(16 + 4 + 12 + 4 + 12 + 4 + 12) << 10];
    for (int page = 0, length = 16; page < 4; page++, length = 4) {
      int start = page * 16384;
      expected[start + 3] = (byte) page;
      Arrays.fill(expected, start + 4, start + length * 1024, (byte) (3 + page));
    }
    assertThat(sparse).isEqualTo(expected);
  }

  @Test
  void sparseMembersAreNoneOfMariadbs() {
    assertThatThrownBy(
            () -> receive("pxb-8-by-hand/plain_80_gtid_replica.xbs.zst", StreamDialect.MARIADB))
        .isInstanceOf(CorruptStreamException.class);
  }

  @ParameterizedTest
  @CsvSource({"zst_84_gtid_replica.xbs, .zst", "lz4_84_primary.xbs,      .lz4"})
  void compressedMembersBecomeWhatTheyWere(String sample, String suffix) throws Exception {
    ReceivedStream received = receiveWithTrailer("pxb-8-by-hand/" + sample, StreamDialect.PERCONA);
    assertThat(received.members()).contains("ibdata1" + suffix, "app/empty.CSV" + suffix);
    var members = new MemberDecompressor(directory, 2).decompress(received.members());
    assertThat(members)
        .contains("ibdata1", "app/empty.CSV", "xtrabackup_checkpoints")
        .noneMatch(member -> member.endsWith(suffix));
    SortedMap<String, byte[]> contents = Recipient.contents(directory);
    assertThat(contents.keySet()).isEqualTo(members);
    // In two frames; a decompressor that stops after the first finds ten pages of the 24.
    assertThat(contents.get("ibdata1")).hasSize(24 * 16384);
    assertThat(contents.get("app/empty.CSV")).isEmpty();
    assertThat(contents.get("binlog.index")).asString().isEqualTo("./binlog.000005\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "absolute-name          | the name '/outside/a.txt' is absolute",
        "wrong-crc              | at byte 0 of the stream: the payload of 'a' at its offset 0 has",
        "cut-in-payload         | the payload of 'b': 3 more bytes were to come",
        "cut-before-end         | the stream ends before 'b' has ended",
        "cut-in-header          | inside a chunk's header: expected 14 more bytes, got 4",
        "unknown-type           | 'u' has a chunk of the unknown type 0x5a",
        "unknown-type-ignorable | 'u' has a chunk of the unknown type 0x5a",
        "offsets-reversed       | 'a' goes on at its offset 5; expected 0",
        "offset-gap             | 'a' goes on at its offset 7; expected 5",
        "leading-dotdot         | the name '../evil' has '..' for a part",
        "inner-dotdot           | the name 'x/../../evil' has '..' for a part",
        "same-name-twice        | 'a' begins a second time",
        "bytes-after-last-chunk | expected the start of a chunk (58425354434b3031), found 30313233",
        "name-of-600-bytes      | a name's length is 600; expected 1 to 511",
        "empty-name             | a name's length is 0; expected 1 to 511",
        "no-bytes               | at byte 0 of the stream: the stream ends without the trailer",
        "empty-file             | at byte 15 of the stream: the stream ends without the trailer",
        "by-mbstream            | at byte 223 of the stream: the stream ends without the trailer"
      })
  void oneDefectIsEnough(String sample, String why) {
    assertThatThrownBy(() -> receive("edge/" + sample + ".xbs", StreamDialect.DETECT))
        .isInstanceOf(CorruptStreamException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "by-mbstream            | a.txt=hello empty.txt= link.txt=hello sub/b.txt=zz",
        "three-directories      | x/y/z/f=hello",
        "sparse                 | a=he0000000000llo",
        "empty-file             | a=",
        "payload-of-length-zero | a=xy",
        "interleaved            | a=134 b=2",
        "no-bytes               | -"
      })
  void oddStreamsAreFineOnceTheyHaveATrailer(String sample, @Nullable String files)
      throws IOException {
    receiveWithTrailer("edge/" + sample + ".xbs", StreamDialect.DETECT);
    String found =
        Recipient.contents(directory).entrySet().stream()
            .map(file ->
                file.getKey() + "=" + new String(file.getValue(), StandardCharsets.US_ASCII))
            .collect(Collectors.joining(" "))
            .replace('\0', '0');
    assertThat(found).isEqualTo(files == null ? "" : files);
  }

  @Test
  void everyEdgeSampleHasAVerdict() throws Exception {
    try (var samples = Files.list(Path.of(SamplesTest.class.getResource("edge").toURI()))) {
      assertThat(samples).hasSize(22);
    }
  }

  private ReceivedStream receive(String sample, StreamDialect dialect) throws IOException {
    try (InputStream in = open(sample)) {
      return Recipient.receive(Channels.newChannel(in), directory, dialect);
    }
  }

  private ReceivedStream receiveWithTrailer(String sample, StreamDialect dialect)
      throws IOException {
    byte[] trailer = new StreamBuilder().member(StreamBuilder.TRAILER, "{}").bytes();
    try (InputStream in =
        new SequenceInputStream(open(sample), new ByteArrayInputStream(trailer))) {
      return Recipient.receive(Channels.newChannel(in), directory, dialect);
    }
  }

  private static InputStream open(String sample) throws IOException {
    InputStream file = SamplesTest.class.getResourceAsStream(sample);
    if (file == null) {
      throw new FileNotFoundException(sample);
    }
    return sample.endsWith(".zst") ? new ZstdInputStream(file) : file;
  }

  private static String text(String sample) throws IOException {
    try (InputStream in = open(sample)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Map<String, String> checksums() throws IOException, NoSuchAlgorithmException {
    Map<String, String> checksums = new TreeMap<>();
    try (var paths = Files.walk(directory)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(Files.newInputStream(path), sha256)) {
          in.transferTo(OutputStream.nullOutputStream());
        }
        checksums.put(
            directory.relativize(path).toString(), HexFormat.of().formatHex(sha256.digest()));
      }
    }
    return checksums;
  }
}
