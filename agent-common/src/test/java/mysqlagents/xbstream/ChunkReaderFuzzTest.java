package mysqlagents.xbstream;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Fuzzing of the reader, guided by coverage:
///
///     JAZZER_FUZZ=1 mvn test -Dquick -Djazzer.hooks=true -pl agent-common -am \
///       -Dtest=ChunkReaderFuzzTest -Dsurefire.failIfNoSpecifiedTests=false
///
/// runs for ten minutes. Without the first variable it only reads its seeds, and what fuzzing found
/// earlier (Jazzer puts that among the test's resources).
class ChunkReaderFuzzTest {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10m")
  void readsOrRefuses(byte[] stream) throws IOException {
    try {
      MutatedStreamTest.read(stream);
    } catch (CorruptStreamException _) {
      // The one way to refuse.
    }
  }

  static Stream<Arguments> seeds() throws IOException, URISyntaxException {
    return MutatedStreamTest.corpus().stream().map(Arguments::of);
  }
}
