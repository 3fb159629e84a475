package mysqlagents.init;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// agent-init as the process that users run: exit codes, log, termination message.
@Timeout(60)
final class InitProcessTest {
  @TempDir private Path root;
  private Path conf = Path.of("");

  private record End(int exitCode, String log) {}

  @BeforeEach
  void mountTheExample() throws IOException {
    Files.createDirectory(root.resolve("config-map"));
    conf = Files.createDirectory(root.resolve("conf.d"));
    Files.writeString(root.resolve("config-map/replica.cnf"), "[mysqld]\nread-only\n");
  }

  private End init(List<String> prefix, Map<String, String> variables) throws Exception {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            InitMain.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", System.getenv("PATH"));
    builder.environment().put("CONFIG_MAP_DIRECTORY", root.resolve("config-map").toString());
    builder.environment().put("CONF_D_DIRECTORY", conf.toString());
    builder.environment().put("TLS", "off");
    builder.environment().put("TERMINATION_MESSAGE_PATH", root.resolve("end").toString());
    builder.environment().putAll(variables);
    Process process = builder.start();
    process.getOutputStream().close();
    String log = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new End(process.waitFor(), log);
  }

  @Test
  void takesTheHostNameForThePodsAndEndsWith0() throws Exception {
    End end = init(List.of(), Map.of("HOSTNAME", "my-db-12"));
    assertThat(end.exitCode()).isZero();
    assertThat(end.log())
        .contains("WARN TLS=off: mysqld is given no certificate")
        .endsWith(
            "INFO wrote server-id 112, replica.cnf and replication-start.cnf for my-db-12 to %s\n"
                .formatted(conf));
    assertThat(conf.resolve("server-id.cnf")).isRegularFile();
  }

  @Test
  void aWrongSettingEndsWith78() throws Exception {
    End end = init(List.of(), Map.of("POD_NAME", "mysql", "SERVER_ID_BASE", "0"));
    String message =
        """
        agent-init: misconfigured:
        POD_NAME is 'mysql'; expected a StatefulSet pod's name: the set's name, a dash and the ordinal
        SERVER_ID_BASE is '0'; expected a whole number from 1 to 4294967295\
        """;
    assertThat(end.exitCode()).isEqualTo(78);
    assertThat(end.log()).endsWith("ERROR " + message + "\n");
    assertThat(root.resolve("end")).hasContent(message);
  }

  @Test
  void wantsACertificateUnlessItIsToldOtherwise() throws Exception {
    Map<String, String> variables =
        Map.of("POD_NAME", "mysql-1", "TLS", "", "TLS_DIRECTORY", root.resolve("none").toString());
    End end = init(List.of(), variables);
    assertThat(end.exitCode()).isEqualTo(66);
    assertThat(root.resolve("end"))
        .content()
        .startsWith("agent-init: cannot read %s/none/tls.crt: no such file".formatted(root))
        .contains("TLS_DIRECTORY", "TLS=off");
  }

  @Test
  void aMissingFileEndsWith66() throws Exception {
    End end = init(List.of(), Map.of("POD_NAME", "mysql-0"));
    assertThat(end.exitCode()).isEqualTo(66);
    assertThat(root.resolve("end"))
        .content()
        .startsWith(
            "agent-init: cannot read %s/config-map/primary.cnf: no such file\nagent-init: what to do: "
                .formatted(root));
  }

  @Test
  void aReadOnlyTargetEndsWith73() throws Exception {
    Files.setPosixFilePermissions(conf, PosixFilePermissions.fromString("r-xr-xr-x"));
    // For root, permissions hold only without its capabilities.
    boolean root = System.getProperty("user.name").equals("root");
    List<String> powerless = List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all");
    End end = init(root ? powerless : List.of(), Map.of("POD_NAME", "mysql-1"));
    Files.setPosixFilePermissions(conf, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(end.exitCode()).isEqualTo(73);
    assertThat(end.log())
        .contains("ERROR agent-init: cannot write %s/server-id.cnf: access denied".formatted(conf));
    assertThat(conf).isEmptyDirectory();
  }
}
