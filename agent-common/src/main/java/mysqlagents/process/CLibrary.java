package mysqlagents.process;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;

/// Functions of the C library, for what the JDK has no means to do. Numbers are Linux', the same on
/// amd64 and arm64.
///
/// Where the run-time does not let us call it, a method ends with a [RuntimeException] or a
/// [LinkageError]; whoever calls must be able to do without.
public final class CLibrary {
  /// For [#open]: read, and wait for nothing; no program that we start inherits the descriptor.
  public static final int READ = 0x800 /* O_NONBLOCK */ | 0x8_0000 /* O_CLOEXEC */;

  private static final MethodHandle OPEN =
      function(
          "open",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private CLibrary() {}

  /// Looks a function up.
  @SuppressWarnings("restricted") // The jars' manifests allow it.
  public static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
  }

  /// Opens a file.
  ///
  /// @return its descriptor; negative if the kernel refused
  public static int open(String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      // As the JDK itself encodes file names.
      Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
      MemorySegment bytes = arena.allocateFrom(path, charset);
      return (int) OPEN.invokeExact(bytes, flags);
    } catch (Throwable failure) {
      throw unchecked(failure);
    }
  }

  /// Closes a descriptor that only was looked at: there is nothing that closing could lose.
  public static void close(int descriptor) {
    try {
      int _ = (int) CLOSE.invokeExact(descriptor);
    } catch (Throwable failure) {
      throw unchecked(failure);
    }
  }

  /// A C function throws nothing; the run-time may.
  public static RuntimeException unchecked(Throwable failure) {
    return switch (failure) {
      case RuntimeException exception -> exception;
      case Error error -> throw error;
      default -> new IllegalStateException(failure);
    };
  }
}
