package mysqlagents.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PodNameTest {
  @ParameterizedTest
  @CsvSource({
    "mysql-0, mysql, 0",
    "mysql-3, mysql, 3",
    "my-db-12, my-db, 12",
    "a-1-2, a-1, 2",
    "my.db-1, my.db, 1",
    "7-7, 7, 7",
    "x-999999999, x, 999999999",
  })
  void theOrdinalIsWhatFollowsTheLastDash(String name, String set, int ordinal) {
    PodName pod = PodName.parse(name);
    assertThat(pod).isEqualTo(new PodName(set, ordinal));
    assertThat(pod).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "mysql",
        "mysql-",
        "-1",
        "mysql-x",
        "mysql-01",
        "mysql--",
        "mysql-1-",
        "Mysql-1",
        "mysql-1\n",
        "my/sql-1",
        "../x-1",
        "mysql-1000000000",
        "mysql -1",
        "mysql_a-1",
        "--1",
      })
  void refusesWhatNoStatefulSetMakes(String name) {
    assertThatThrownBy(() -> PodName.parse(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a StatefulSet pod's name: the set's name, a dash and the ordinal");
  }

  @Test
  void onlyOrdinal0IsThePrimary() {
    PodName pod = PodName.parse("mysql-2");
    assertThat(pod.isPrimary()).isFalse();
    assertThat(pod.sibling(0)).isEqualTo(PodName.parse("mysql-0"));
    assertThat(pod.sibling(0).isPrimary()).isTrue();
  }
}
