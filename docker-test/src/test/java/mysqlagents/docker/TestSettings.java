package mysqlagents.docker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// What `bin/test-docker` says, or its defaults.
final class TestSettings {
  private static final Path CREATE_SECRETS = Path.of("../k8s/create-secrets");

  private TestSettings() {}

  /// The agents' image, with mariadb-backup in it.
  private static String agentImage() {
    return text("AGENT_IMAGE", "mysql-agents:dev");
  }

  /// The server of the set that clones, of the version of that mariadb-backup.
  static String setImage() {
    return text("SET_IMAGE", "mariadb:10.11");
  }

  /// The servers whose dialects are tested.
  static List<String> serverImages() {
    return List.of(
        text("SERVER_IMAGES", "mysql:5.7 mysql:8.0 mysql:8.4 mysql:9.7 mariadb:10.11 mariadb:11.8")
            .split(" +"));
  }

  private static String text(String variable, String otherwise) {
    return Objects.requireNonNullElse(System.getenv(variable), otherwise);
  }

  static Secrets secrets() throws IOException, InterruptedException {
    return Secrets.create(CREATE_SECRETS);
  }

  /// A set of such a server, with secrets of its own.
  static MysqlSet newSet(String serverImage) throws IOException, InterruptedException {
    return StandIn.amend(new MysqlSet(agentImage(), serverImage, secrets()));
  }
}
