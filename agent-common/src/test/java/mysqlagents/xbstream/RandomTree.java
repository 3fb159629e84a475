package mysqlagents.xbstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A directory with random files below it: empty, small, large, and with holes.
final class RandomTree {
  private static final int LONGEST = 4 << 20;

  private final Random random;
  private final List<Path> directories = new ArrayList<>();

  private RandomTree(Random random, Path root) {
    this.random = random;
    this.directories.add(root);
  }

  /// @param root an empty directory
  static void make(Random random, Path root) throws IOException {
    RandomTree tree = new RandomTree(random, root);
    for (int index = random.nextInt(8); index > 0; index--) {
      tree.makeDirectory("d" + index);
    }
    for (int index = random.nextInt(10); index > 0; index--) {
      tree.makeFile("f" + index);
    }
    for (int index = random.nextInt(3) * random.nextInt(100); index > 0; index--) {
      Files.write(tree.in("s" + index), RoundTripTest.bytes(random, random.nextInt(3_000)));
    }
  }

  private void makeDirectory(String name) throws IOException {
    directories.add(Files.createDirectory(in(name)));
  }

  private void makeFile(String name) throws IOException {
    switch (random.nextInt(4)) {
      case 0 -> Files.createFile(in(name));
      case 1 -> Files.write(in(name), RoundTripTest.bytes(random, random.nextInt(LONGEST)));
      default -> makeFileWithHoles(in(name));
    }
  }

  private void makeFileWithHoles(Path file) throws IOException {
    int unit = 1 << random.nextInt(16);
    long length = random.nextLong(random.nextInt(5) == 0 ? 10L * LONGEST : LONGEST);
    int stretch = 1 + random.nextInt(50_000);
    long[] offsets =
        random.longs(random.nextInt(40), 0, length + 1).map(at -> at / unit * unit).toArray();
    OnDisk.write(file, length, stretch, random, offsets);
  }

  private Path in(String name) {
    return RoundTripTest.pick(random, directories).resolve(name);
  }
}
