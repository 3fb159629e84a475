package mysqlagents.xbstream;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.Scanner;

/// What files take on their disk, and files that take less than their length.
final class OnDisk {
  private OnDisk() {}

  /// What is allocated for a file, or for a directory with all that is in it.
  static long kibibytes(Path path) throws IOException {
    Process du = new ProcessBuilder("du", "-sk", path.toString()).start();
    try (Scanner output = new Scanner(du.getInputStream(), StandardCharsets.UTF_8)) {
      return output.nextLong();
    }
  }

  /// Makes a file of that length, with random bytes at some offsets and holes between.
  ///
  /// @param stretch bytes of data at each offset
  static void write(Path file, long length, int stretch, Random random, long... offsets)
      throws IOException {
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      for (long offset : offsets) {
        out.seek(offset);
        out.write(RoundTripTest.bytes(random, stretch));
      }
      out.setLength(length);
    }
  }
}
