package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemberDecompressorTest {
  private static final byte[] CONTENT = content();

  @TempDir private Path directory;

  @AfterEach
  void leavesNothingOpen() {
    Leftovers.assertNone(directory);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void putsPlainMembersInThePlaceOfCompressedOnes(int threads) throws Exception {
    write("app/a.ibd.zst", zstd(CONTENT));
    write("app/b.ibd.lz4", lz4(CONTENT));
    write("plain", CONTENT);
    assertThat(decompress(threads, "app/a.ibd.zst", "app/b.ibd.lz4", "plain"))
        .containsExactlyInAnyOrder("app/a.ibd", "app/b.ibd", "plain");
    assertThat(Recipient.contents(directory)).containsOnlyKeys("app/a.ibd", "app/b.ibd", "plain");
    assertThat(Recipient.contents(directory).values())
        .allSatisfy(bytes -> assertThat(bytes).isEqualTo(CONTENT));
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("app/a.ibd"))))
        .isEqualTo("rw-r-----");
  }

  /// The tools begin a frame with each of their own writes.
  @Test
  void readsAllFramesOfAMember() throws Exception {
    write("a.zst", join(zstd(CONTENT), zstd(CONTENT), zstd(new byte[0]), zstd(CONTENT)));
    write("b.lz4", join(lz4(CONTENT), lz4(CONTENT), lz4(CONTENT)));
    decompress(1, "a.zst", "b.lz4");
    byte[] threefold = join(CONTENT, CONTENT, CONTENT);
    assertThat(directory.resolve("a")).hasBinaryContent(threefold);
    assertThat(directory.resolve("b")).hasBinaryContent(threefold);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.zst", "a.lz4"})
  void anEmptyMemberIsAnEmptyFile(String member) throws Exception {
    write(member, new byte[0]);
    assertThat(decompress(1, member)).containsExactly("a");
    assertThat(Recipient.contents(directory)).containsOnlyKeys("a");
    assertThat(directory.resolve("a")).isEmptyFile();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.zst", "a.lz4"})
  void aMemberThatIsCutIsRefusedByName(String member) throws Exception {
    byte[] whole = member.endsWith(".zst") ? zstd(CONTENT) : lz4(CONTENT);
    for (int length : new int[] {1, 3, 5, 20, whole.length / 2, whole.length - 1}) {
      write(member, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> decompress(1, member))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(directory.resolve(member) + " cannot be decompressed: ");
      assertThat(directory.resolve(member)).exists();
      Files.deleteIfExists(directory.resolve("a"));
    }
  }

  /// Both formats carry a checksum of the content; what damage does to the rest must still come out
  /// as an exception that names the file.
  @ParameterizedTest
  @ValueSource(strings = {"a.zst", "a.lz4"})
  void aMemberThatIsDamagedIsRefusedByName(String member) throws Exception {
    byte[] whole = member.endsWith(".zst") ? zstd(CONTENT) : lz4(CONTENT);
    Random random = new Random(1);
    int refused = 0;
    for (int attempt = 0; attempt < 150; attempt++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      write(member, damaged);
      try {
        decompress(1, member);
        // A frame's header has bits that do not matter; then the content must be right.
        assertThat(directory.resolve("a")).hasBinaryContent(CONTENT);
      } catch (IOException refusal) {
        assertThat(refusal).hasMessageStartingWith(directory.resolve(member) + " cannot be");
        refused++;
      }
      Files.delete(directory.resolve("a"));
    }
    assertThat(refused).isGreaterThan(125);
  }

  @ParameterizedTest
  @CsvSource({
    "app/a.ibd.qp,          compressed with QuickLZ ('app/a.ibd.qp'), take 'compress' out",
    "ibdata1.zst.xbcrypt,   encrypted ('ibdata1.zst.xbcrypt'),        take 'encrypt' out",
    "ibdata1.qp.xbcrypt,    encrypted ('ibdata1.qp.xbcrypt'),         take 'encrypt' out"
  })
  void refusesWhatItCannotUndoBeforeItChangesAnything(String member, String problem, String remedy)
      throws Exception {
    write("a.zst", zstd(CONTENT));
    write(member, CONTENT);
    assertThatThrownBy(() -> decompress(1, "a.zst", member))
        .isInstanceOfSatisfying(
            AgentFailure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.MISCONFIGURED);
              assertThat(failure).hasMessageContaining(problem);
              assertThat(failure.remedy()).contains(remedy);
            });
    assertThat(Recipient.contents(directory)).containsOnlyKeys("a.zst", member);
  }

  @Test
  void doesNotOverwrite() throws Exception {
    write("a", CONTENT);
    write("a.zst", zstd(new byte[10]));
    assertThatThrownBy(() -> decompress(1, "a", "a.zst"))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage(directory.resolve("a").toString());
    assertThat(directory.resolve("a")).hasBinaryContent(CONTENT);
    assertThat(directory.resolve("a.zst")).exists();
  }

  @Test
  void twoFormsOfOneMemberAreOneTooMany() throws Exception {
    write("a.zst", zstd(CONTENT));
    write("a.lz4", lz4(CONTENT));
    assertThatThrownBy(() -> decompress(1, "a.zst", "a.lz4"))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {".zst", "app/.lz4"})
  void aSuffixAloneIsNoName(String member) throws Exception {
    write(member, zstd(CONTENT));
    assertThatThrownBy(() -> decompress(1, member))
        .isInstanceOf(IOException.class)
        .hasMessage("'%s' has no name besides its suffix", member);
  }

  @Test
  void stopsWhereItIsInterrupted() throws Exception {
    // A gibibyte of zeros in a few kilobytes: far from done when the interrupt is noticed.
    byte[] frame = zstd(new byte[64 << 20]);
    write("a.zst", join(Collections.nCopies(16, frame).toArray(byte[][]::new)));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> decompress(1, "a.zst"))
        .isInstanceOf(IOException.class)
        .hasMessage("interrupted while members were being decompressed");
    assertThat(Thread.interrupted()).isTrue();
  }

  private Set<String> decompress(int threads, String... members) throws IOException, AgentFailure {
    return new MemberDecompressor(directory, threads).decompress(new TreeSet<>(Set.of(members)));
  }

  private void write(String member, byte[] content) throws IOException {
    Path file = directory.resolve(member);
    Files.createDirectories(file.resolveSibling("."));
    Files.write(file, content);
  }

  private static byte[] zstd(byte[] content) {
    byte[] target = new byte[(int) Zstd.compressBound(content.length) + 4];
    try (var context = new ZstdCompressCtx()) {
      context.setChecksum(true);
      return Arrays.copyOf(target, context.compress(target, content));
    }
  }

  private static byte[] lz4(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var compressor =
        new FramedLZ4CompressorOutputStream(
            out,
            new FramedLZ4CompressorOutputStream.Parameters(
                FramedLZ4CompressorOutputStream.BlockSize.K64, true, false, false))) {
      compressor.write(content);
    }
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  /// Longer than a block of LZ4 (64 KiB), and neither all noise nor all alike.
  private static byte[] content() {
    byte[] content = "0123456789abcdef".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
    byte[] noise = new byte[20_000];
    new Random(1).nextBytes(noise);
    System.arraycopy(noise, 0, content, 50_000, noise.length);
    return content;
  }
}
