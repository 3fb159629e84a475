package mysqlagents.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;
import mysqlagents.settings.ConfigException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InitMainTest {
  @TempDir private Path root;
  private Path configMap = Path.of("");
  private Path conf = Path.of("");

  @BeforeEach
  void mountTheExample() throws IOException {
    configMap = Files.createDirectory(root.resolve("config-map"));
    conf = Files.createDirectory(root.resolve("conf.d"));
    Files.writeString(configMap.resolve("primary.cnf"), "[mysqld]\nlog-bin\n");
    Files.writeString(configMap.resolve("replica.cnf"), "[mysqld]\nread-only\n");
  }

  private Map<String, String> variables(String pod) {
    return new HashMap<>(
        Map.of(
            "POD_NAME",
            pod,
            "TLS",
            "off",
            "CONFIG_MAP_DIRECTORY",
            configMap.toString(),
            "CONF_D_DIRECTORY",
            conf.toString()));
  }

  private void init(String pod) throws AgentFailure {
    InitMain.run(variables(pod));
  }

  private String written(String fileName) throws IOException {
    return Files.readString(conf.resolve(fileName));
  }

  private List<String> listing() throws IOException {
    try (Stream<Path> files = Files.list(conf)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void ordinal0GetsThePrimarysFile() throws Exception {
    init("mysql-0");
    assertThat(listing()).containsExactly("primary.cnf", "replication-start.cnf", "server-id.cnf");
    assertThat(written("primary.cnf")).isEqualTo("[mysqld]\nlog-bin\n");
    assertThat(written("server-id.cnf"))
        .isEqualTo(
            """
            # Written by agent-init at every start of mysql-0; changes made here are lost.
            [mysqld]
            server-id = 100
            """);
  }

  @ParameterizedTest
  @CsvSource({"mysql-3,103", "my-db-12,112", "a-1-2-1,101"})
  void allOthersGetTheReplicasFile(String pod, int serverId) throws Exception {
    init(pod);
    assertThat(listing()).containsExactly("replica.cnf", "replication-start.cnf", "server-id.cnf");
    assertThat(written("replica.cnf")).isEqualTo("[mysqld]\nread-only\n");
    assertThat(written("server-id.cnf")).contains("[mysqld]\nserver-id = " + serverId + "\n");
  }

  @Test
  void everyPodStartsWithReplicationStoppedUnderTheOldAndTheNewName() throws Exception {
    for (String pod : List.of("mysql-0", "mysql-1")) {
      init(pod);
      assertThat(written("replication-start.cnf").lines())
          .contains(
              "[mysqld]",
              "loose-skip-slave-start",
              "loose-skip-replica-start",
              "loose-slave-net-timeout = 20",
              "loose-replica-net-timeout = 20");
    }
  }

  @Test
  void nothingOfTheOtherRoleIsLeftAndWhatIsNotOursStays() throws Exception {
    Files.writeString(conf.resolve("primary.cnf"), "of an earlier run");
    Files.writeString(conf.resolve("docker.cnf"), "of the image");
    Files.writeString(conf.resolve(".replica.cnf.tmp"), "of a crash");
    init("mysql-1");
    assertThat(listing())
        .containsExactly("docker.cnf", "replica.cnf", "replication-start.cnf", "server-id.cnf");
    assertThat(written("docker.cnf")).isEqualTo("of the image");
  }

  @Test
  void aRepetitionChangesNothingAndTakesUpANewConfigMap() throws Exception {
    init("mysql-2");
    Map<String, String> first = contents();
    init("mysql-2");
    assertThat(contents()).isEqualTo(first);

    Files.writeString(configMap.resolve("replica.cnf"), "[mysqld]\nmax-connections = 9\n");
    init("mysql-2");
    assertThat(written("replica.cnf")).isEqualTo("[mysqld]\nmax-connections = 9\n");
  }

  private Map<String, String> contents() throws IOException {
    Map<String, String> contents = new HashMap<>();
    for (String name : listing()) {
      contents.put(name, written(name));
    }
    return contents;
  }

  @Test
  void mysqldsOwnUserMayReadAndOnlyTheOwnerMayWrite() throws Exception {
    init("mysql-0");
    for (String name : listing()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(conf.resolve(name))))
          .isEqualTo("rw-r--r--");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "mysql-", "mysql-01", "mysql-x", "-1", "MySQL-1", "mysql-1-"})
  void refusesANameWithoutAnOrdinal(String pod) throws Exception {
    assertThatThrownBy(() -> init(pod))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "POD_NAME is '%s'; expected a StatefulSet pod's name: the set's name, a dash and the ordinal",
            pod);
    assertThat(listing()).isEmpty();
  }

  @Test
  void theLargestServerIdIsTheProtocols() throws Exception {
    Map<String, String> variables = variables("mysql-5");
    variables.put("SERVER_ID_BASE", "4294967290");
    InitMain.run(variables);
    assertThat(written("server-id.cnf")).contains("server-id = 4294967295\n");

    variables.put("SERVER_ID_BASE", "4294967291");
    assertThatThrownBy(() -> InitMain.run(variables))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "SERVER_ID_BASE is '4294967291'; with the ordinal of mysql-5 added the server id would be 4294967296, and the most is 4294967295");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "4294967296", "hundred", "1e2"})
  void refusesABaseThatIsNoServerId(String base) {
    Map<String, String> variables = variables("mysql-1");
    variables.put("SERVER_ID_BASE", base);
    assertThatThrownBy(() -> InitMain.run(variables))
        .isInstanceOf(ConfigException.class)
        .hasMessage("SERVER_ID_BASE is '%s'; expected a whole number from 1 to 4294967295", base);
  }

  @Test
  void aMissingRoleFileIsNamedBeforeAnythingIsTouched() throws Exception {
    Files.delete(configMap.resolve("replica.cnf"));
    Files.writeString(conf.resolve("primary.cnf"), "of an earlier run");
    AgentFailure failure = catchThrowableOfType(AgentFailure.class, () -> init("mysql-1"));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.NO_INPUT);
    assertThat(failure).hasMessage("cannot read %s/replica.cnf: no such file", configMap);
    assertThat(failure.remedy())
        .isEqualTo(
            "give the ConfigMap that is mounted at CONFIG_MAP_DIRECTORY (%s) a readable key replica.cnf",
            configMap);
    assertThat(listing()).containsExactly("primary.cnf");
  }

  @Test
  void aRoleFileThatCannotBeReadIsNamed() throws Exception {
    Files.delete(configMap.resolve("replica.cnf"));
    Files.createDirectory(configMap.resolve("replica.cnf"));
    AgentFailure failure = catchThrowableOfType(AgentFailure.class, () -> init("mysql-1"));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.NO_INPUT);
    assertThat(failure).hasMessage("cannot read %s/replica.cnf: Is a directory", configMap);
  }

  @Test
  void aMissingTargetIsNamed() throws Exception {
    Files.delete(conf);
    AgentFailure failure = catchThrowableOfType(AgentFailure.class, () -> init("mysql-1"));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.CANNOT_CREATE);
    assertThat(failure).hasMessage("cannot write %s/server-id.cnf: no such file", conf);
    assertThat(failure.remedy())
        .isEqualTo(
            "mount an emptyDir that this container's user may write at CONF_D_DIRECTORY (%s)",
            conf);
  }

  private Map<String, String> withTls() throws IOException {
    Path tls = Files.createDirectory(root.resolve("tls"));
    for (String name : List.of("tls.crt", "tls.key", "ca.crt")) {
      Files.writeString(tls.resolve(name), "PEM");
    }
    Map<String, String> variables = variables("mysql-1");
    variables.remove("TLS");
    variables.put("TLS_DIRECTORY", tls.toString());
    return variables;
  }

  @Test
  void givesMysqldThePodsCertificateAndDemandsNothingOfApplications() throws Exception {
    InitMain.run(withTls());
    assertThat(written("tls.cnf"))
        .isEqualTo(
            """
            # Written by agent-init at every start of mysql-1; changes made here are lost.
            [mysqld]
            ssl-ca = %1$s/tls/ca.crt
            ssl-cert = %1$s/tls/tls.crt
            ssl-key = %1$s/tls/tls.key
            loose-tls-version = TLSv1.2,TLSv1.3
            """
                .formatted(root));
  }

  @Test
  void namesTheFilesAsMysqldSeesThem() throws Exception {
    Map<String, String> variables = withTls();
    variables.put("MYSQLD_TLS_DIRECTORY", "/run/tls");
    InitMain.run(variables);
    assertThat(written("tls.cnf"))
        .contains(
            "ssl-ca = /run/tls/ca.crt\n",
            "ssl-cert = /run/tls/tls.crt\n",
            "ssl-key = /run/tls/tls.key\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls.crt", "tls.key", "ca.crt"})
  void aMissingCertificateIsNamedBeforeAnythingIsTouched(String missing) throws Exception {
    Map<String, String> variables = withTls();
    Files.delete(root.resolve("tls").resolve(missing));
    AgentFailure failure = catchThrowableOfType(AgentFailure.class, () -> InitMain.run(variables));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.NO_INPUT);
    assertThat(failure).hasMessage("cannot read %s/tls/%s: no such file", root, missing);
    assertThat(failure.remedy())
        .isEqualTo(
            "mount the Secret with tls.crt, tls.key and ca.crt at TLS_DIRECTORY (%s/tls), or set TLS=off to run without encryption",
            root);
    assertThat(listing()).isEmpty();
  }

  @Test
  void anEmptyCertificateIsNone() throws Exception {
    Map<String, String> variables = withTls();
    Files.writeString(root.resolve("tls/tls.key"), "");
    assertThatThrownBy(() -> InitMain.run(variables))
        .hasMessage("cannot read %s/tls/tls.key: the file is empty", root);
  }

  @Test
  void takesItsOwnTlsFileAwayWhenTlsIsSwitchedOffAndNoOther() throws Exception {
    InitMain.run(withTls());
    assertThat(listing()).contains("tls.cnf");
    init("mysql-1");
    assertThat(listing()).doesNotContain("tls.cnf");

    Files.writeString(conf.resolve("tls.cnf"), "[mysqld]\nssl-ca = /mine\n");
    init("mysql-1");
    assertThat(written("tls.cnf")).isEqualTo("[mysqld]\nssl-ca = /mine\n");
  }
}
