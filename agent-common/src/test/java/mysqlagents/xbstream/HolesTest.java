package mysqlagents.xbstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HolesTest {
  private static final long LENGTH = 1 << 20;

  @TempDir private Path directory;

  private final Random random = new Random(1);

  @Test
  void theFileSystemOfTheseTestsHasHoles() throws IOException {
    Path file = directory.resolve("file");
    OnDisk.write(file, LENGTH, 65_536, random, 0, 262_144);
    try (Holes holes = Holes.of(file, LENGTH)) {
      assertThat(holes.data(0)).isZero();
      assertThat(holes.data(1_000)).isEqualTo(1_000);
      assertThat(holes.hole(0)).isEqualTo(65_536);
      assertThat(holes.hole(70_000)).isEqualTo(70_000);
      assertThat(holes.data(70_000)).isEqualTo(262_144);
      assertThat(holes.hole(262_144)).isEqualTo(262_144 + 65_536);
      assertThat(holes.data(400_000)).as("only the end follows").isEqualTo(LENGTH);
    }
    Leftovers.assertNone(directory);
  }

  @Test
  void whatHasNoneIsNotKeptOpen() throws IOException {
    Path file = Files.write(directory.resolve("file"), RoundTripTest.bytes(random, (int) LENGTH));
    Holes holes = Holes.of(file, LENGTH);
    Leftovers.assertNone(directory);
    assertThat(holes.data(5)).isEqualTo(5);
    assertThat(holes.hole(5)).isEqualTo(LENGTH);
    holes.close();
  }

  @Test
  void nobodyAsksAboutASmallFile() throws IOException {
    Path file = directory.resolve("file");
    OnDisk.write(file, Holes.SMALL, 1, random);
    assertThat(Holes.of(file, Holes.SMALL).hole(0)).isEqualTo(Holes.SMALL);
  }

  @Test
  void whereTheKernelDoesNotSayThereAreNone() throws IOException {
    // A file whose offsets mean nothing.
    assertThat(Holes.of(Path.of("/proc/self/maps"), LENGTH).hole(0)).isEqualTo(LENGTH);
    assertThat(Holes.of(directory.resolve("absent"), LENGTH).hole(0)).isEqualTo(LENGTH);
  }
}
