package mysqlagents.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PodLineTest {
  @Test
  void readsWhatKubectlPrints() {
    assertThat(PodLine.parse("mysql-3   0/2     Init:1/2   0          4s"))
        .isEqualTo(new PodLine("mysql-3", "0/2", "Init:1/2", 0));
  }

  @Test
  void readsRestartsWithTheTimeOfTheLast() {
    PodLine line = PodLine.parse("mysql-0   2/2   Running   3 (12s ago)   5m");

    assertThat(line.restarts()).isEqualTo(3);
    assertThat(line.isReady()).isTrue();
  }

  @Test
  void isNotReadyWhileItEnds() {
    assertThat(PodLine.parse("mysql-4 2/2 Terminating 0 1m").isReady()).isFalse();
  }

  @Test
  void refusesWhatIsNoLineOfAPod() {
    assertThatThrownBy(() -> PodLine.parse("No resources found"))
        .hasMessageContaining("No resources found");
  }
}
