package mysqlagents.backup;

import java.io.IOException;

/// A metadata file of a backup that does not read as it must. Nothing of it is used then.
public final class MetadataException extends IOException {
  private static final long serialVersionUID = 1;

  /// How much of the file's text is shown; it holds names and positions, no secrets.
  private static final int SHOWN = 200;

  MetadataException(String file, String problem, String content) {
    super("%s: %s; it reads: %s".formatted(file, problem, excerpt(content)));
  }

  private static String excerpt(String content) {
    String line = content.strip().replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
  }
}
