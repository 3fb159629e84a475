package mysqlagents.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testcontainers.DockerClientFactory;

/// There may be nobody to clean up after a set but the set itself.
@ExtendWith(Progress.class)
class CleanUpIT {
  private static final Map<String, String> OURS =
      Map.of(DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL, DockerClientFactory.SESSION_ID);

  private final DockerClient docker = DockerClientFactory.lazyClient();

  private List<String> inEngine() {
    List<String> all = new ArrayList<>();
    docker
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(OURS)
        .exec()
        .forEach(container -> all.add("container " + container.getId()));
    docker
        .listVolumesCmd()
        .withFilter("label", List.of(label()))
        .exec()
        .getVolumes()
        .forEach(volume -> all.add("volume " + volume.getName()));
    docker
        .listNetworksCmd()
        .withFilter("label", List.of(label()))
        .exec()
        .forEach(network -> all.add("network " + network.getName()));
    return all;
  }

  private static String label() {
    return OURS.entrySet().iterator().next().toString();
  }

  @Test
  void aSetThatDoesNotComeUpSaysWhyAndLeavesNothing() throws Exception {
    List<String> before = inEngine();
    try (MysqlSet set = TestSettings.newSet(TestSettings.setImage())) {
      set.setting(0, "SERVER_ID_BASE", "none");
      assertThatThrownBy(() -> set.scale(1))
          .hasMessageContaining("agent-init of mysql-0")
          .hasMessageContaining("SERVER_ID_BASE is 'none'");
      assertThat(inEngine()).hasSizeGreaterThan(before.size());
    }
    assertThat(inEngine()).isEqualTo(before);
  }
}
