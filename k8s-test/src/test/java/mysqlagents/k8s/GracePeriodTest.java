package mysqlagents.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A pod without a grace period is gone for the API at once, while its containers go on: on a
/// volume that another pod is given meanwhile, and in the place of a new pod of the same name.
class GracePeriodTest {
  private static final Pattern NONE =
      Pattern.compile("terminationGracePeriodSeconds: 0|--grace-period[= ]0");

  @Test
  void noPodIsGoneBeforeItsContainersAre() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String directory : List.of("../k8s", "../docs", "src/main/resources")) {
      try (Stream<Path> all = Files.walk(Path.of(directory))) {
        all.filter(file -> file.toString().matches(".*\\.(yaml|md)")).forEach(files::add);
      }
    }
    assertThat(files).anyMatch(file -> file.endsWith("restore/pod.yaml"));
    assertThat(files)
        .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContainPattern(NONE));
  }
}
