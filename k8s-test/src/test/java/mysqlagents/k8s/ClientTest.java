package mysqlagents.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String UNKNOWN =
      "ERROR 2005 (HY000): Unknown MySQL server host 'mysql-0.mysql' (-3)";
  private static final String ENDED = "command terminated with exit code 1";

  @ParameterizedTest
  @ValueSource(
      strings = {
        UNKNOWN,
        "ERROR 2005 (HY000): Unknown server host 'mysql-0.mysql' (-2)",
        "ERROR 2003 (HY000): Can't connect to MySQL server on 'mysql-0.mysql:3306' (113)",
        "ERROR 2002 (HY000): Can't connect to server on 'mysql-0.mysql' (115)"
      })
  void repeatsWhatHasReachedNoServer(String message) throws IOException {
    Script script = new Script("!" + message, "!" + message, "1");

    assertThat(Client.untilReached(LIMIT, script)).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ERROR 2013 (HY000): Lost connection to MySQL server during query",
        "ERROR 1045 (28000): Access denied for user 'root'@'127.0.0.1' (using password: YES)",
        "ERROR 1290 (HY000) at line 1: The MySQL server is running with the --read-only option",
        "Error from server (NotFound): pods \"client\" not found"
      })
  void repeatsNothingElse(String message) {
    Script script = new Script("!" + message, "1");

    assertThatThrownBy(() -> Client.untilReached(LIMIT, script)).hasMessageContaining(message);
    assertThat(script.answers).hasSize(1);
  }

  @Test
  void givesUpInTheEnd() {
    Script script = new Script("!" + UNKNOWN, "1");

    assertThatThrownBy(() -> Client.untilReached(Duration.ofNanos(-1), script))
        .isInstanceOf(KubectlException.class)
        .hasMessageContaining(UNKNOWN);
  }

  /// Answers in their order; after a `!`, a failure as kubectl reports it.
  private static final class Script implements Waiting.Sight {
    private final Deque<String> answers;

    Script(String... answers) {
      this.answers = new ArrayDeque<>(Arrays.asList(answers));
    }

    @Override
    public String look() throws IOException {
      String answer = answers.removeFirst();
      if (answer.startsWith("!")) {
        throw new KubectlException(
            "kubectl exec client -- mysql: %s%n%s".formatted(answer.substring(1), ENDED));
      }
      return answer;
    }
  }
}
