package mysqlagents.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mysqlagents.mysql.ServerVersion.Flavour;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GtidSetTest {
  private static final String ONE = "aaaaaaaa-bbbb-11ee-8888-0242ac110002";
  private static final String TWO = "CCCCCCCC-bbbb-11ee-8888-0242ac110003";

  @ParameterizedTest
  @ValueSource(
      strings = {
        ONE + ":1",
        ONE + ":1-57",
        ONE + ":1-57:60:70-71",
        ONE + ":1-57," + TWO + ":1-3",
        ONE + ":nightly:1-3",
        ONE + ":1-57:_tag9:1:4-5:other:2",
        ONE + ":1-9223372036854775807"
      })
  void readsSetsOfMySql(String text) {
    assertThat(GtidSet.parse(text)).isEqualTo(new GtidSet(Flavour.MYSQL, text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0-1-23", "0-1-23,7-4-5,9-9-99", "4294967295-4294967295-1"})
  void readsPositionsOfMariaDb(String text) {
    assertThat(GtidSet.parse(text)).isEqualTo(new GtidSet(Flavour.MARIADB, text));
  }

  @Test
  void dropsWhiteSpaceAndLineEnds() {
    assertThat(GtidSet.parse(ONE + ":1-6,\n" + TWO + ":1\n").text())
        .isEqualTo(ONE + ":1-6," + TWO + ":1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "0-1",
        "0-1-2-3",
        "0-1-x",
        "4294967296-1-1",
        "0-1-18446744073709551616",
        "0-1-2,",
        "0-1-2,0-2-3",
        "0-1-2'; DROP DATABASE mysql; --",
        ONE,
        ONE + ":",
        ONE + ":0",
        ONE + ":5-4",
        ONE + ":1-2:",
        ONE + ":tag",
        ONE + ":tag:other:1",
        ONE + ":tag-9:1",
        ONE + ":1," + ONE,
        ONE + ":1-9223372036854775808",
        "aaaaaaaa-bbbb-11ee-8888-0242ac11000:1",
        "0-1-2," + ONE + ":1"
      })
  void refusesWhatIsNoSet(String text) {
    assertThatThrownBy(() -> GtidSet.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void saysWhichMemberIsWrongAndWhatIsExpected() {
    assertThatThrownBy(() -> GtidSet.parse("0-1-2,7-4"))
        .hasMessage(
            "'7-4' is not part of a GTID set; expected domain-server-sequence, such as 0-1-23");
  }

  @Test
  void comparesWithoutRegardToOrderOrCase() {
    assertThat(GtidSet.parse("0-1-2,7-4-5").sameAs(GtidSet.parse("7-4-5,0-1-2"))).isTrue();
    assertThat(
            GtidSet.parse(TWO + ":1")
                .sameAs(GtidSet.parse(TWO.toLowerCase(java.util.Locale.ROOT) + ":1")))
        .isTrue();
    assertThat(GtidSet.parse("0-1-2").sameAs(GtidSet.parse("0-1-3"))).isFalse();
  }
}
