package mysqlagents.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdoptionTest {
  private static final Settings SETTINGS = Settings.from(Map.of("K8S_ROOT", ".."));

  @Test
  void putsTheServersOwnStatementsIntoTheManualsCommand() throws IOException {
    String command = Adoption.forMariaDb(SETTINGS, Adoption.Steps.in(SETTINGS).accounts());

    assertThat(command.lines())
        .startsWith(
            "password() { kubectl get secret mysql-passwords -o"
                + " go-template=\"{{index .data \\\"$1\\\" | base64decode}}\"; }",
            "kubectl exec -i mysql-0 -c mysql -- mysql -u root <<EOF",
            "CREATE USER 'agent'@'127.%' IDENTIFIED BY '$(password agent)';")
        .contains(
            "CREATE USER 'backup'@'127.%' IDENTIFIED BY '$(password backup)';",
            "CREATE USER 'replication'@'%' IDENTIFIED BY '$(password replication)' REQUIRE X509;",
            "GRANT REPLICATION SLAVE ON *.* TO 'replication'@'%';")
        .endsWith("EOF")
        .noneMatch(line -> line.contains("mysql_native_password") || line.contains("…"));
  }

  @Test
  void findsEachStepInTheManual() throws IOException {
    Adoption.Steps steps = Adoption.Steps.in(SETTINGS);

    assertThat(steps.secrets()).startsWith("k8s/create-secrets");
    assertThat(steps.remove()).startsWith("kubectl delete statefulset mysql\n");
    assertThat(steps.apply()).startsWith("kubectl apply -k k8s/overlays/mysql-5.7");
    assertThat(steps.rootPassword()).contains("ALTER USER root@'%'");
  }
}
