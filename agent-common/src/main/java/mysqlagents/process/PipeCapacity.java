package mysqlagents.process;

import static java.lang.System.Logger.Level.DEBUG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Makes the pipe between a program and us larger than the usual 64 KiB. Two sides that work at the
/// same time otherwise wait for each other at every other step.
///
/// The JDK has no means to do it, so this calls the C library (fcntl(2), `F_SETPIPE_SZ`).
final class PipeCapacity {
  private static final System.Logger LOG = System.getLogger(PipeCapacity.class.getName());

  /// In bytes: as much as a process may ask for that is not root (`/proc/sys/fs/pipe-max-size`).
  private static final int LARGE = 1 << 20;

  // From Linux' <fcntl.h>; the same on amd64 and arm64.
  private static final int F_SETPIPE_SZ = 1031;
  private static final int O_RDONLY = 0;
  private static final int O_NONBLOCK = 0x800;
  private static final int O_CLOEXEC = 0x8_0000;

  private PipeCapacity() {}

  /// Enlarges the pipe that is the program's standard output. Where that cannot be, all goes on as
  /// before, only slower.
  static void enlarge(long pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom("/proc/%d/fd/1".formatted(pid));
      int result = Calls.setSize(path);
      LOG.log(DEBUG, () -> "the pipe of process %d has %d bytes".formatted(pid, result));
    } catch (RuntimeException | LinkageError refusal) {
      LOG.log(DEBUG, () -> "the pipe of process %d stays as it is: %s".formatted(pid, refusal));
    }
  }

  /// Looked up when first needed.
  private static final class Calls {
    private static final MethodHandle OPEN =
        handle("open", 2, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle FCNTL =
        handle("fcntl", 2, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle CLOSE = handle("close", 1, ValueLayout.JAVA_INT);

    /// @param variadic the index of the first argument after the declared ones
    @SuppressWarnings("restricted") // The jars' manifests allow it.
    private static MethodHandle handle(String name, int variadic, MemoryLayout... arguments) {
      Linker linker = Linker.nativeLinker();
      FunctionDescriptor descriptor = FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments);
      MemorySegment address = linker.defaultLookup().findOrThrow(name);
      return variadic < arguments.length
          ? linker.downcallHandle(address, descriptor, Linker.Option.firstVariadicArg(variadic))
          : linker.downcallHandle(address, descriptor);
    }

    /// @return what the kernel made of it, in bytes; negative if it refused
    static int setSize(MemorySegment path) {
      try {
        int descriptor = (int) OPEN.invokeExact(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (descriptor < 0) {
          return descriptor;
        }
        int size = (int) FCNTL.invokeExact(descriptor, F_SETPIPE_SZ, LARGE);
        int _ = (int) CLOSE.invokeExact(descriptor);
        return size;
      } catch (RuntimeException | Error failure) {
        throw failure;
      } catch (Throwable impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }
}
