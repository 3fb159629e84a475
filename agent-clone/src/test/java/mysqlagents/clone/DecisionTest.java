package mysqlagents.clone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import mysqlagents.settings.PodName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DecisionTest {
  @ParameterizedTest
  @ValueSource(strings = {"mysql-0", "mysql-1", "mysql-7"})
  void dataIsKeptWhoeverThePodIs(String pod) {
    assertThat(Decision.decide(PodName.parse(pod), true)).isEqualTo(new Decision.KeepData());
  }

  @Test
  void ordinal0StartsEmpty() {
    assertThat(Decision.decide(PodName.parse("mysql-0"), false))
        .isEqualTo(new Decision.StartEmpty());
  }

  @Test
  void theOthersAreClonedFromThePodBelowAndThePrimaryLast() {
    assertThat(Decision.decide(PodName.parse("my-db-3"), false))
        .isEqualTo(
            new Decision.CloneFrom(
                List.of(
                    PodName.parse("my-db-2"), PodName.parse("my-db-1"), PodName.parse("my-db-0"))));
    assertThat(Decision.decide(PodName.parse("mysql-1"), false))
        .isEqualTo(new Decision.CloneFrom(List.of(PodName.parse("mysql-0"))));
  }
}
