package mysqlagents.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvTest {
  private static Object read(Map<String, String> variables, Function<Env, Object> reader) {
    return Env.parse(variables, reader);
  }

  private record Pair(PodName pod, int port) {
    Pair {
      if (pod.ordinal() == port) {
        throw new IllegalArgumentException("POD_NAME and PORT are the same number");
      }
    }

    static Pair from(Map<String, String> variables) {
      return Env.parse(variables, env -> new Pair(env.podName(), env.port("PORT", 3307)));
    }
  }

  @Test
  void allMistakesAreReportedTogether() {
    assertThatThrownBy(() -> Pair.from(Map.of("PORT", "70000")))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "POD_NAME is not set; set it to something like 'mysql-0'%nPORT is '70000'; expected a whole number from 1 to 65535"
                .formatted());
  }

  @ParameterizedTest
  @ValueSource(strings = {"debug", "WARN", "verbose"})
  void aLogLevelThatDoesNotExistIsAMistakeLikeAnyOther(String level) {
    assertThatThrownBy(() -> Pair.from(Map.of("POD_NAME", "a-1", "LOG_LEVEL", level)))
        .hasMessage("LOG_LEVEL is '%s'; expected INFO or DEBUG".formatted(level));
  }

  @ParameterizedTest
  @ValueSource(strings = {"INFO", "DEBUG", ""})
  void aLogLevelThatExistsIsNone(String level) {
    assertThat(Pair.from(Map.of("POD_NAME", "a-1", "LOG_LEVEL", level)).port()).isEqualTo(3307);
  }

  @Test
  void aRefusedCombinationIsReportedInItsOwnWords() {
    assertThatThrownBy(() -> Pair.from(Map.of("POD_NAME", "a-1", "PORT", "1")))
        .isInstanceOf(ConfigException.class)
        .hasMessage("POD_NAME and PORT are the same number");
  }

  @Test
  void aRefusedCombinationOfStandInsIsNotReported() {
    assertThatThrownBy(() -> Pair.from(Map.of("POD_NAME", "a-3307", "PORT", "many")))
        .hasMessage("PORT is 'many'; expected a whole number from 1 to 65535");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void blankCountsAsNotSet(String blank) {
    Map<String, String> variables = Map.of("X", blank);
    assertThat(read(variables, env -> env.port("X", 5))).isEqualTo(5);
    assertThat(read(variables, env -> env.optional("X", Path::of))).isEqualTo(Optional.empty());
    assertThatThrownBy(() -> read(variables, env -> env.required("X", "y", Function.identity())))
        .hasMessage("X is not set; set it to something like 'y'");
  }

  @Test
  void surroundingSpaceIsDropped() {
    assertThat(read(Map.of("X", " 7\n"), env -> env.integer("X", 1, 9, 2))).isEqualTo(7L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "10", "-3", "1.5", "x", "9223372036854775808"})
  void aNumberOutsideItsRangeIsNamedWithTheRange(String text) {
    assertThatThrownBy(() -> read(Map.of("X", text), env -> env.integer("X", 1, 9, 2)))
        .hasMessage("X is '%s'; expected a whole number from 1 to 9", text);
  }

  @Test
  void aRangeIncludesItsEnds() {
    assertThat(read(Map.of("X", "1"), env -> env.integer("X", 1, 9, 2))).isEqualTo(1L);
    assertThat(read(Map.of("X", "9"), env -> env.seconds("X", 1, 9, 2)))
        .isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void aFlagIsTrueOrFalseAndNothingElse() {
    assertThat(read(Map.of("X", "true"), env -> env.flag("X", false))).isEqualTo(true);
    assertThat(read(Map.of("X", "false"), env -> env.flag("X", true))).isEqualTo(false);
    assertThat(read(Map.of(), env -> env.flag("X", true))).isEqualTo(true);
    assertThatThrownBy(() -> read(Map.of("X", "yes"), env -> env.flag("X", false)))
        .hasMessage("X is 'yes'; expected true or false");
  }

  @Test
  void thePodsNameComesFromPodNameBeforeHostname() {
    assertThat(read(Map.of("POD_NAME", "a-1", "HOSTNAME", "b-2"), Env::podName))
        .isEqualTo(new PodName("a", 1));
    assertThat(read(Map.of("HOSTNAME", "b-2"), Env::podName)).isEqualTo(new PodName("b", 2));
    assertThatThrownBy(() -> read(Map.of("HOSTNAME", "laptop"), Env::podName))
        .hasMessage(
            "HOSTNAME is 'laptop'; expected a StatefulSet pod's name: the set's name, a dash and the ordinal");
  }

  @Test
  void absenceOfAnOptionalSettingMeansSomething() {
    assertThat(read(Map.of(), env -> env.optional("X", Path::of))).isEqualTo(Optional.empty());
    assertThat(read(Map.of("X", "/a"), env -> env.optional("X", Path::of)))
        .isEqualTo(Optional.of(Path.of("/a")));
    assertThat(read(Map.of(), env -> env.path("X", "/b"))).isEqualTo(Path.of("/b"));
    assertThat(read(Map.of(), env -> env.string("X", "c"))).isEqualTo("c");
  }
}
