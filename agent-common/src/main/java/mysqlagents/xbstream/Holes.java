package mysqlagents.xbstream;

import static java.lang.System.Logger.Level.DEBUG;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import mysqlagents.process.CLibrary;

/// Where a file has holes, as its file system says. For any thread.
///
/// The JDK has no means to ask, so this calls the C library (lseek(2), `SEEK_HOLE`). Where that
/// cannot be, a file has none: its zeros are then data like any other.
final class Holes implements Closeable {
  /// In bytes. Nobody asks about a file that is not longer: there is little to be saved, and there
  /// may be very many of them.
  ///
  /// In a longer file each hole counts, however short: a table with page compression has one of a
  /// few file system blocks in each of its pages, and expanded it would not fit the volume that it
  /// came from.
  static final long SMALL = 64 << 10;

  // From Linux' <unistd.h> and <errno.h>; the same on amd64 and arm64.
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  /// There is nothing but a hole from there to the file's end.
  private static final int ENXIO = 6;

  private static final System.Logger LOG = System.getLogger(Holes.class.getName());

  /// Negative where there are no holes.
  private final int descriptor;

  private final long length;

  private Holes(int descriptor, long length) {
    this.descriptor = descriptor;
    this.length = length;
  }

  /// Those of `file`, which nobody writes to.
  ///
  /// @param length the file's, in bytes
  static Holes of(Path file, long length) {
    if (length > SMALL) {
      try {
        return probe(file, length);
      } catch (IOException | RuntimeException | LinkageError refusal) {
        LOG.log(DEBUG, () -> "holes in %s are not looked for: %s".formatted(file, refusal));
      }
    }
    return none(length);
  }

  static Holes none(long length) {
    return new Holes(-1, length);
  }

  private static Holes probe(Path file, long length) throws IOException {
    int descriptor = CLibrary.open(file.toString(), CLibrary.READ);
    if (descriptor < 0) {
      throw new IOException("it cannot be opened");
    }
    Holes holes = new Holes(descriptor, length);
    try {
      if (holes.hole(0) < length) {
        return holes;
      }
    } catch (IOException | RuntimeException | Error failure) {
      holes.close();
      throw failure;
    }
    holes.close();
    return none(length);
  }

  /// Where at or after `from` data begins; the file's length if there is none.
  long data(long from) throws IOException {
    return descriptor < 0 ? from : seek(from, SEEK_DATA);
  }

  /// Where at or after `from` a hole begins; the file's length if there is none.
  long hole(long from) throws IOException {
    return descriptor < 0 ? length : seek(from, SEEK_HOLE);
  }

  private long seek(long from, int what) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Calls.STATE);
      long found = Calls.seek(state, descriptor, from, what);
      if (found >= 0) {
        return Math.min(found, length);
      }
      int error = state.get(ValueLayout.JAVA_INT, Calls.ERRNO);
      if (error == ENXIO) {
        return length;
      }
      throw new IOException("lseek(2) failed with error number " + error);
    }
  }

  @Override
  public void close() {
    if (descriptor >= 0) {
      CLibrary.close(descriptor);
    }
  }

  /// Looked up when first needed.
  private static final class Calls {
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE.byteOffset(PathElement.groupElement("errno"));
    private static final MethodHandle LSEEK =
        CLibrary.function(
            "lseek",
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT),
            Linker.Option.captureCallState("errno"));

    static long seek(MemorySegment state, int descriptor, long offset, int what) {
      try {
        return (long) LSEEK.invokeExact(state, descriptor, offset, what);
      } catch (Throwable failure) {
        throw CLibrary.unchecked(failure);
      }
    }
  }
}
