package mysqlagents.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PeerAddressesTest {
  private static PeerAddresses from(Map<String, String> variables) {
    return Env.parse(variables, PeerAddresses::from);
  }

  @Test
  void usesTheNamesOfAHeadlessServiceByDefault() {
    assertThat(from(Map.of()).hostOf(PodName.parse("mysql-1"))).isEqualTo("mysql-1.mysql");
    assertThat(from(Map.of("SERVICE_NAME", "db")).hostOf(PodName.parse("my-db-12")))
        .isEqualTo("my-db-12.db");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.7.{ordinal}, 127.0.7.2",
    "{set}.{ordinal}.{service}, a-b.2.mysql",
    "{pod}.mysql.prod.svc, a-b-2.mysql.prod.svc",
  })
  void fillsInATemplate(String template, String host) {
    assertThat(from(Map.of("PEER_ADDRESS", template)).hostOf(PodName.parse("a-b-2")))
        .isEqualTo(host);
  }

  @Test
  void refusesATemplateThatIsTheSameForAllPods() {
    assertThatThrownBy(() -> from(Map.of("PEER_ADDRESS", "db.example")))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "PEER_ADDRESS is 'db.example'; expected a host name with {pod} or {ordinal} in it, such as {pod}.{service}");
  }
}
