package mysqlagents.process;

import static java.lang.System.Logger.Level.DEBUG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
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

  private PipeCapacity() {}

  /// Enlarges the pipe that is the program's standard output. Where that cannot be, all goes on as
  /// before, only slower.
  static void enlarge(long pid) {
    try {
      int result = Calls.setSize("/proc/%d/fd/1".formatted(pid));
      LOG.log(DEBUG, () -> "the pipe of process %d has %d bytes".formatted(pid, result));
    } catch (RuntimeException | LinkageError refusal) {
      LOG.log(DEBUG, () -> "the pipe of process %d stays as it is: %s".formatted(pid, refusal));
    }
  }

  /// Looked up when first needed.
  private static final class Calls {
    private static final MethodHandle FCNTL =
        CLibrary.function(
            "fcntl",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));

    /// @return what the kernel made of it, in bytes; negative if it refused
    static int setSize(String path) {
      int descriptor = CLibrary.open(path, CLibrary.READ);
      if (descriptor < 0) {
        return descriptor;
      }
      try {
        return (int) FCNTL.invokeExact(descriptor, F_SETPIPE_SZ, LARGE);
      } catch (Throwable failure) {
        throw CLibrary.unchecked(failure);
      } finally {
        CLibrary.close(descriptor);
      }
    }
  }
}
