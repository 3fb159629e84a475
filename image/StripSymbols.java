import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Takes the table of symbols off the end of a 64-bit ELF library: a sixth of `libjvm.so`, and only
/// a native debugger reads it. What `strip` does, for images of a JDK that come without it.
///
///     java StripSymbols.java libjvm.so
public final class StripSymbols {
  // Offsets and values of the System V ABI, "Object Files".
  private static final int E_SHOFF = 0x28;
  private static final int E_SHENTSIZE = 0x3A;
  private static final int E_SHNUM = 0x3C;
  private static final int E_SHSTRNDX = 0x3E;
  private static final int SH_TYPE = 0x04;
  private static final int SH_FLAGS = 0x08;
  private static final int SH_OFFSET = 0x18;
  private static final int SHT_SYMTAB = 2;
  private static final int SHT_NOBITS = 8;
  private static final long SHF_ALLOC = 2;

  private StripSymbols() {}

  public static void main(String[] arguments) throws IOException {
    Path library = Path.of(arguments[0]);
    byte[] bytes = Files.readAllBytes(library);
    ByteBuffer elf = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (elf.getInt(0) != 0x464C457F || bytes[4] != 2 || bytes[5] != 1) {
      throw new IOException(library + " is not a 64-bit little-endian ELF file");
    }
    int symbols = symbolTable(elf);
    if (symbols == bytes.length) {
      return;
    }
    // Without symbols there is nothing left that needs the list of sections, which lies behind them.
    elf.putLong(E_SHOFF, 0).putShort(E_SHNUM, (short) 0).putShort(E_SHSTRNDX, (short) 0);
    Files.write(library, Arrays.copyOf(bytes, symbols));
  }

  /// Where the table begins; the file's end if there is none, or if anything that a process needs
  /// lies behind it.
  private static int symbolTable(ByteBuffer elf) {
    int start = elf.limit();
    int lastNeeded = 0;
    for (int i = 0; i < Short.toUnsignedInt(elf.getShort(E_SHNUM)); i++) {
      int header = (int) elf.getLong(E_SHOFF) + i * elf.getShort(E_SHENTSIZE);
      int type = elf.getInt(header + SH_TYPE);
      int offset = (int) elf.getLong(header + SH_OFFSET);
      if (type == SHT_SYMTAB) {
        start = offset;
      } else if ((elf.getLong(header + SH_FLAGS) & SHF_ALLOC) != 0 && type != SHT_NOBITS) {
        lastNeeded = Math.max(lastNeeded, offset);
      }
    }
    return start > lastNeeded && elf.getLong(E_SHOFF) > start ? start : elf.limit();
  }
}
