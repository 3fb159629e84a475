package mysqlagents.xbstream;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;

/// Undoes what `xtrabackup --compress` did to the members of a backup, in place: `a.ibd.zst` and
/// `a.ibd.lz4` become `a.ibd`.
///
/// It is not made to be repeated: where it fails, the directory is thrown away. Nothing is fsynced.
public final class MemberDecompressor {
  /// Bytes moved at a time.
  private static final int BUFFER_LENGTH = 1 << 18;

  private final Path directory;
  private final int threads;

  /// @param threads how many members are decompressed at a time
  public MemberDecompressor(Path directory, int threads) {
    this.directory = directory;
    this.threads = threads;
  }

  /// How the tools' compression is undone.
  private enum Method {
    ZSTD(".zst") {
      @Override
      InputStream open(InputStream compressed) throws IOException {
        return new ZstdInputStreamNoFinalizer(compressed);
      }
    },
    LZ4(".lz4") {
      @Override
      InputStream open(InputStream compressed) throws IOException {
        // xtrabackup writes a frame at each of its own writes; without `true` only the first of
        // them would be read, silently.
        return new FramedLZ4CompressorInputStream(compressed, true);
      }
    };

    private final String suffix;

    Method(String suffix) {
      this.suffix = suffix;
    }

    abstract InputStream open(InputStream compressed) throws IOException;
  }

  /// One member's way from its compressed to its plain name.
  private record Work(Path compressed, Path plain, Method method) {}

  /// Decompresses those of `members` that are compressed.
  ///
  /// @return the names of all members afterwards
  /// @throws AgentFailure before anything is changed, if there is a member that this cannot undo
  /// @throws IOException if a member is damaged, or the disk fails
  public Set<String> decompress(Set<String> members) throws IOException, AgentFailure {
    refuseUnknownForms(members);
    Set<String> plain = new TreeSet<>();
    List<Work> work = new ArrayList<>();
    for (String member : members) {
      plain.add(plan(member, work));
    }
    run(work);
    return plain;
  }

  private static void refuseUnknownForms(Set<String> members) throws AgentFailure {
    for (String member : members) {
      if (member.endsWith(".qp")) {
        throw new AgentFailure(
            ExitCode.MISCONFIGURED,
            "the donor's backup is compressed with QuickLZ ('%s'), which is not supported"
                .formatted(member),
            "take 'compress' out of the backup tool's options on the donor (its option files have"
                + " them under [mariadb-backup] or [xtrabackup]), or have xtrabackup use zstd or"
                + " lz4");
      }
      if (member.endsWith(".xbcrypt")) {
        throw new AgentFailure(
            ExitCode.MISCONFIGURED,
            "the donor's backup is encrypted ('%s'), which is not supported".formatted(member),
            "take 'encrypt' out of the backup tool's options on the donor (its option files have"
                + " them under [xtrabackup])");
      }
    }
  }

  /// Adds what is to be done for `member`, if anything, and returns its name afterwards.
  private String plan(String member, List<Work> work) throws IOException {
    for (Method method : Method.values()) {
      if (member.endsWith(method.suffix)) {
        MemberName plain = plainName(member, method);
        work.add(
            new Work(
                new MemberName(member).resolveUnder(directory),
                plain.resolveUnder(directory),
                method));
        return plain.text();
      }
    }
    return member;
  }

  private static MemberName plainName(String member, Method method) throws IOException {
    try {
      return new MemberName(member.substring(0, member.length() - method.suffix.length()));
    } catch (IllegalArgumentException refusal) {
      throw new IOException("'%s' has no name besides its suffix".formatted(member), refusal);
    }
  }

  private void run(List<Work> work) throws IOException {
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> results = new ArrayList<>();
      for (Work item : work) {
        results.add(
            executor.submit(() -> {
              decompress(item);
              return null;
            }));
      }
      try {
        for (Future<?> result : results) {
          result.get();
        }
      } catch (ExecutionException failure) {
        executor.shutdownNow();
        throw rethrown(failure);
      } catch (InterruptedException _) {
        executor.shutdownNow();
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while members were being decompressed");
      }
    }
  }

  private static IOException rethrown(ExecutionException failure) {
    return failure.getCause() instanceof IOException refusal
        ? refusal
        : new IOException(failure.getCause());
  }

  private static void decompress(Work work) throws IOException {
    try (OpenMember plain = OpenMember.create(work.plain())) {
      // An empty file is compressed to an empty file, in which a decompressor misses its frame.
      if (Files.size(work.compressed()) > 0) {
        copy(work, plain);
      }
    }
    Files.delete(work.compressed());
  }

  private static void copy(Work work, OpenMember plain) throws IOException {
    byte[] buffer = new byte[BUFFER_LENGTH];
    try (InputStream file = Files.newInputStream(work.compressed());
        InputStream content = judged(work, () -> work.method().open(file))) {
      while (true) {
        int count = judged(work, () -> content.read(buffer));
        if (count < 0) {
          return;
        }
        plain.write(ByteBuffer.wrap(buffer, 0, count));
      }
    }
  }

  /// Runs one step of a decompressor. Damaged input makes the libraries throw more than
  /// `IOException`, and without the file's name.
  private static <T> T judged(Work work, Callable<T> step) throws IOException {
    try {
      return step.call();
    } catch (Exception damage) {
      throw new IOException(
          "%s cannot be decompressed: %s".formatted(work.compressed(), damage.getMessage()),
          damage);
    }
  }
}
