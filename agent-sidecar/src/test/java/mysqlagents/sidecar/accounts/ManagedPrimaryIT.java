package mysqlagents.sidecar.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mysqlagents.sidecar.SidecarProcess;
import mysqlagents.testbed.CertificateAuthority;
import mysqlagents.testbed.CertificateAuthority.Request;
import mysqlagents.testbed.MariaDbServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// agent-sidecar as ordinal 0's, beside a server that has nothing but root.
class ManagedPrimaryIT {
  private static final Duration LIMIT = Duration.ofSeconds(40);

  /// The account statements that wait in the server, whether their client is still there or not.
  private static final String WAITING =
      "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'ALTER USER%'"
          + " OR info LIKE 'CREATE USER%'";

  private static final String PASSWORD =
      "SELECT authentication_string = PASSWORD('rotated-replication') FROM mysql.user"
          + " WHERE user = 'replication'";

  @TempDir Path directory;

  private static void awaitReady(SidecarProcess sidecar) {
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(sidecar.manage("/readyz").body()).startsWith("ready: "));
  }

  /// A new server is ready with the first account already.
  private static void awaitReadyWithAllAccounts(SidecarProcess sidecar) {
    awaitReady(sidecar);
    sidecar.awaitLog("account 'replication'@'%': made it");
  }

  private static boolean exists(MariaDbServer server, String user) throws Exception {
    return server.value("SELECT 1 FROM mysql.user WHERE user = '%s'".formatted(user)) != null;
  }

  /// None of them is in the log, the termination message, or what anybody may ask for.
  private void assertNoSecret(SidecarProcess sidecar, String... secrets) throws Exception {
    String all =
        sidecar.log()
            + sidecar.manage("/readyz").body()
            + sidecar.manage("/metrics").body()
            + environmentAndArguments(sidecar);
    assertThat(all).contains("MYSQL_PASSWORD_FILE");
    for (String secret : secrets) {
      assertThat(all).doesNotContain(secret);
    }
    try (Stream<Path> files = Files.walk(directory.resolve("tmp"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(List.of(secrets)).as(file.toString()).noneMatch(content::contains);
      }
    }
  }

  private static String environmentAndArguments(SidecarProcess sidecar) throws Exception {
    Path proc = Path.of("/proc", Long.toString(sidecar.process.pid()));
    return Files.readString(proc.resolve("environ"), StandardCharsets.ISO_8859_1)
        + Files.readString(proc.resolve("cmdline"), StandardCharsets.ISO_8859_1);
  }

  @Test
  void becomesReadyOnAServerThatHasOnlyRoot() throws Exception {
    try (MariaDbServer server = MariaDbServer.builder().binlog(true).start()) {
      PasswordDirectory passwords = PasswordDirectory.create(directory.resolve("secret"), server);
      try (SidecarProcess sidecar = new SidecarProcess(directory, passwords.variables(server))) {
        awaitReadyWithAllAccounts(sidecar);
        assertThat(sidecar.log())
            .contains("account 'agent'@'127.%': made it; gave it RELOAD on *.*")
            .contains("account 'backup'@'127.%': made it")
            .contains("account 'replication'@'%': made it; gave it REPLICATION SLAVE on *.*")
            .doesNotContain("ALLOW_EMPTY_ROOT_PASSWORD");
        assertNoSecret(sidecar, server.rootPassword(), PasswordDirectory.NASTY.strip());
      }
      String position = server.value("SELECT @@gtid_binlog_pos");
      try (SidecarProcess sidecar = new SidecarProcess(directory, passwords.variables(server))) {
        awaitReady(sidecar);
        sidecar.process.terminate();
        sidecar.process.waitFor(LIMIT);
      }
      assertThat(server.value("SELECT @@gtid_binlog_pos")).isEqualTo(position);
    }
  }

  @Test
  void waitsForAccountsWhileRootIsRefusedAndSaysWhatToDo() throws Exception {
    try (MariaDbServer server = MariaDbServer.builder().start()) {
      PasswordDirectory passwords = PasswordDirectory.create(directory.resolve("secret"), server);
      passwords.write("root", "wrong-root-password\n");
      try (SidecarProcess sidecar = new SidecarProcess(directory, passwords.variables(server))) {
        sidecar.awaitLog("WARN the accounts cannot be managed: ");
        assertThat(sidecar.log())
            .contains("refuses 'root': Access denied for user 'root'")
            .contains(
                "what to do: see that root may log in to mysqld at %s:%d over TCP, and that %s"
                        .formatted(server.address(), server.port(), passwords.file("root"))
                    + " (ROOT_PASSWORD_FILE) has its password");
        await()
            .atMost(LIMIT)
            .ignoreExceptions()
            .untilAsserted(() ->
                assertThat(sidecar.manage("/readyz").body())
                    .startsWith("not ready: replication is unknown: waiting for accounts: ")
                    .contains("refuses 'agent'"));
        assertNoSecret(sidecar, "wrong-root-password", PasswordDirectory.NASTY.strip());

        passwords.write("root", server.rootPassword() + "\n");

        awaitReady(sidecar);
        sidecar.awaitLog("the accounts are what they have to be again");
      }
    }
  }

  @Test
  void staysReadyWhenOnlyRootIsRefused() throws Exception {
    try (MariaDbServer server = MariaDbServer.builder().start()) {
      PasswordDirectory passwords = PasswordDirectory.create(directory.resolve("secret"), server);
      try (SidecarProcess sidecar = new SidecarProcess(directory, passwords.variables(server))) {
        awaitReady(sidecar);
      }
      passwords.write("root", "wrong");
      try (SidecarProcess sidecar = new SidecarProcess(directory, passwords.variables(server))) {
        sidecar.awaitLog("the accounts cannot be managed");
        awaitReady(sidecar);
      }
    }
  }

  @Test
  void makesAnAccountAgainThatSomebodyDropped() throws Exception {
    try (MariaDbServer server = MariaDbServer.builder().start()) {
      PasswordDirectory passwords = PasswordDirectory.create(directory.resolve("secret"), server);
      try (SidecarProcess sidecar = new SidecarProcess(directory, passwords.variables(server))) {
        awaitReady(sidecar);
        server.execute("DROP USER agent@'127.%'");
        server.restart();
        await().atMost(LIMIT).until(() -> exists(server, "agent"));
        awaitReady(sidecar);
      }
    }
  }

  @Test
  void changesAPasswordWhenItsFileChanges() throws Exception {
    try (MariaDbServer server = MariaDbServer.builder().start()) {
      PasswordDirectory passwords = PasswordDirectory.create(directory.resolve("secret"), server);
      try (SidecarProcess sidecar = new SidecarProcess(directory, passwords.variables(server))) {
        awaitReadyWithAllAccounts(sidecar);
        passwords.write("replication", "rotated-replication");
        sidecar.awaitLog("account 'replication'@'%': set its password");
        passwords.write("agent", "rotated-agent");
        sidecar.awaitLog("account 'agent'@'127.%': set its password");
        server.restart();
        awaitReady(sidecar);
        assertNoSecret(sidecar, "rotated-replication", "rotated-agent");
      }
    }
  }

  /// What is blocked must neither be silent nor pile up in the server.
  @Test
  void saysThatABackupIsInTheWayAndTriesAgain() throws Exception {
    try (MariaDbServer server = MariaDbServer.builder().start()) {
      PasswordDirectory passwords = PasswordDirectory.create(directory.resolve("secret"), server);
      try (SidecarProcess sidecar = new SidecarProcess(directory, passwords.variables(server));
          Connection backup = server.connect();
          Statement statement = backup.createStatement()) {
        awaitReadyWithAllAccounts(sidecar);
        statement.execute("BACKUP STAGE START");
        statement.execute("BACKUP STAGE BLOCK_COMMIT");
        passwords.write("replication", "rotated-replication");
        await()
            .atMost(Duration.ofSeconds(80))
            .pollInterval(Duration.ofSeconds(1))
            .until(() -> {
              assertThat(server.value(WAITING)).isIn("0", "1");
              return sidecar.log().contains("the accounts cannot be managed: ");
            });
        assertThat(sidecar.log())
            .contains("(error 1205); what to do: nothing, if a backup is running")
            .doesNotContain("rotated-replication");
        statement.execute("BACKUP STAGE END");
        // MariaDB may have done at once what it could not commit; then nothing is left to be set.
        sidecar.awaitLog("the accounts are what they have to be again");
        assertThat(server.value(PASSWORD)).isEqualTo("1");
      }
    }
  }

  @Test
  void needsACertificateOfReplicasWithTls() throws Exception {
    try (MariaDbServer server = MariaDbServer.builder().start()) {
      PasswordDirectory passwords = PasswordDirectory.create(directory.resolve("secret"), server);
      CertificateAuthority.create(directory.resolve("ca"), "the set")
          .issue(Request.of("/CN=mysql", "mysql-0.mysql"), directory.resolve("tls"));
      Map<String, String> settings = passwords.variables(server);
      settings.put("TLS", "required");
      settings.put("TLS_DIRECTORY", directory.resolve("tls").toString());
      try (SidecarProcess sidecar = new SidecarProcess(directory, settings)) {
        awaitReady(sidecar);
        sidecar.awaitLog("account 'replication'@'%': made it");
        assertThat(server.value("SELECT ssl_type FROM mysql.user WHERE user = 'replication'"))
            .isEqualTo("X509");
      }
    }
  }

  @Test
  void saysThatThePrimaryIsReadOnly() throws Exception {
    try (MariaDbServer server = MariaDbServer.builder().options("--read-only").start()) {
      server.execute("REVOKE READ ONLY ADMIN ON *.* FROM root@'127.%'");
      PasswordDirectory passwords = PasswordDirectory.create(directory.resolve("secret"), server);
      try (SidecarProcess sidecar = new SidecarProcess(directory, passwords.variables(server))) {
        sidecar.awaitLog("the accounts cannot be managed: ");
        assertThat(sidecar.log())
            .contains("read-only", "what to do: make the primary writable: SET GLOBAL read_only");
      }
    }
  }

  @Test
  void managesAServerWhoseRootHasNoPasswordOnlyWhenToldTo() throws Exception {
    try (MariaDbServer server = MariaDbServer.builder().rootPassword("").start()) {
      PasswordDirectory passwords = PasswordDirectory.create(directory.resolve("secret"), server);
      Files.delete(passwords.file("root"));
      Map<String, String> settings = passwords.variables(server);
      try (SidecarProcess sidecar = new SidecarProcess(directory, settings)) {
        assertThat(sidecar.process.waitFor(LIMIT))
            .as("a file that has to be there is missing")
            .isEqualTo(66);
      }
      assertThat(exists(server, "agent")).isFalse();
      settings.put("ALLOW_EMPTY_ROOT_PASSWORD", "true");
      try (SidecarProcess sidecar = new SidecarProcess(directory, settings)) {
        awaitReady(sidecar);
        assertThat(sidecar.log()).contains("WARN ALLOW_EMPTY_ROOT_PASSWORD is true");
      }
    }
  }
}
