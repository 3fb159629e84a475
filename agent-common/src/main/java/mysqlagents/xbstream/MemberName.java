package mysqlagents.xbstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The name of a file in a stream: a relative path with `/` between its parts, which cannot lead
/// out of the directory that it is resolved in.
///
/// @param text the name; encoded in UTF-8 it is the bytes of the stream
public record MemberName(String text) {
  /// Longest name, in bytes. The servers' own limit for a path (`FN_REFLEN`) is 512 with the final
  /// NUL, and the tools' readers refuse anything longer.
  public static final int MAXIMUM_BYTES = 511;

  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);

  /// @throws IllegalArgumentException saying why `text` is not accepted as a name
  public MemberName {
    String problem = problemOf(text);
    if (problem != null) {
      throw new IllegalArgumentException("the name '%s' %s".formatted(printable(text), problem));
    }
  }

  /// The name that these bytes encode.
  ///
  /// @throws IllegalArgumentException if they are not UTF-8, or not accepted as a name
  static MemberName decode(byte[] bytes) {
    try {
      return new MemberName(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException _) {
      throw new IllegalArgumentException(
          "the name '%s' is not UTF-8"
              .formatted(printable(new String(bytes, StandardCharsets.ISO_8859_1))));
    }
  }

  /// The name as the stream has it.
  byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// The names of the directories that hold this member, outermost first: `a` and `a/b` for
  /// `a/b/c`.
  List<String> ancestors() {
    List<String> ancestors = new ArrayList<>();
    for (int slash = text.indexOf('/'); slash > 0; slash = text.indexOf('/', slash + 1)) {
      ancestors.add(text.substring(0, slash));
    }
    return ancestors;
  }

  /// Where this member lies under `root`.
  ///
  /// @throws IOException if something on the way from `root` to it is a link, or anything else than
  ///   a directory
  public Path resolveUnder(Path root) throws IOException {
    for (String ancestor : ancestors()) {
      requireDirectoryIfPresent(path(root, ancestor));
    }
    return path(root, text);
  }

  /// Where `name` lies under `root`, unchecked.
  static Path path(Path root, String name) throws IOException {
    try {
      return root.resolve(name);
    } catch (InvalidPathException refusal) {
      // A JVM that runs in the C locale cannot encode file names beyond ASCII.
      FileSystemException failure =
          new FileSystemException(
              root + "/" + printable(name),
              null,
              "this is no file name in this process's locale (%s); set LC_ALL=C.UTF-8"
                  .formatted(System.getProperty("sun.jnu.encoding")));
      failure.initCause(refusal);
      throw failure;
    }
  }

  private static void requireDirectoryIfPresent(Path path) throws IOException {
    BasicFileAttributes found;
    try {
      found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException _) {
      return;
    }
    if (!found.isDirectory()) {
      throw new FileSystemException(
          path.toString(),
          null,
          found.isSymbolicLink()
              ? "is a link, and links are not followed here"
              : "is not a directory");
    }
  }

  private static @Nullable String problemOf(String text) {
    if (text.isEmpty()) {
      return "is empty";
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      return "has a control character in it";
    }
    if (text.indexOf('\\') >= 0) {
      return "has a backslash in it";
    }
    if (text.startsWith("/") || DRIVE.matcher(text).matches()) {
      return "is absolute; names are relative to the backup's root";
    }
    for (String part : text.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return "has '%s' for a part, which could lead elsewhere".formatted(part);
      }
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      return "cannot be encoded in UTF-8";
    }
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    return length > MAXIMUM_BYTES
        ? "is %d bytes long; the limit is %d".formatted(length, MAXIMUM_BYTES)
        : null;
  }

  /// `text` with everything but visible ASCII escaped, so that a hostile name cannot forge lines of
  /// a log.
  private static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    text.chars()
        .forEach(character ->
            printable.append(
                character >= ' ' && character < 0x7F
                    ? Character.toString(character)
                    : String.format(Locale.ROOT, "\\u%04x", character)));
    return printable.toString();
  }

  @Override
  public String toString() {
    return text;
  }
}
