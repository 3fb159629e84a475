package mysqlagents.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mysqlagents.lab.Accounts.Account;
import mysqlagents.mysql.ServerVersion.Flavour;
import mysqlagents.testbed.ChildProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Law 7: whoever looks sees no password while a set comes up, clones and replicates.
final class SecretsIT {
  @TempDir private Path directory;

  /// Where a server keeps what a channel logs in with (docs/security.md), as [Secrets] reports it.
  private static String keptBy(Flavour flavour) {
    return "(former )?password of replication in mysql/"
        + switch (flavour) {
          case MARIADB -> "master\\.info";
          // A table, and what InnoDB writes on its way there.
          case MYSQL -> "(mysql\\.ibd|#innodb_redo/.*|#ib.*dblwr|undo_.*)";
        };
  }

  /// @param programs that are looked at, with a `+` between them
  @ParameterizedTest
  @CsvSource({"MARIADB, mariadbd+mariadb-backup", "MYSQL, mysqld"})
  void noPasswordIsSeenInProcessesLogsMetricsAndVolumes(Flavour flavour, String programs)
      throws Exception {
    try (TestSet test = new TestSet("SecretsIT", flavour)) {
      MiniatureStatefulSet set = test.set();
      Secrets passwords = Secrets.passwords(set.accounts()).and(Secrets.key(set.certificates()));
      Secrets withHashes = passwords.and(Secrets.hashes(set.accounts()));
      set.template().variable("LOG_LEVEL", "DEBUG");
      try (ProcessWatch watch = ProcessWatch.start(withHashes)) {
        set.scale(1, TestSet.READY_LIMIT);
        test.fill(20_000);
        set.scale(3, TestSet.READY_LIMIT);
        test.assertAgreement();
        assertThat(watch.programs()).contains("java").contains(programs.split("\\+"));
        assertThat(watch.finds()).isEmpty();
      }
      assertThat(withHashes.inFilesOf(set.logs())).isEmpty();
      for (Pod pod : set.pods()) {
        assertThat(withHashes.in(Management.get(pod, "/metrics").body())).isEmpty();
        assertThat(withHashes.inFilesOf(set.scratch(pod))).isEmpty();
        assertThat(passwords.inFilesOf(pod.volume()))
            .as("volume of %s", pod.name())
            .allMatch(found -> found.matches(keptBy(flavour)));
      }
    }
  }

  /// A password that is changed passes through more hands than one that stays.
  @Test
  void noneIsSeenWhenTheyAreChanged() throws Exception {
    try (TestSet test = new TestSet("SecretsIT-change")) {
      MiniatureStatefulSet set = test.set();
      set.template().variable("LOG_LEVEL", "DEBUG");
      set.scale(2, TestSet.READY_LIMIT);
      test.fill(100);
      test.assertAgreement();
      Secrets former = Secrets.passwords(set.accounts()).former();
      for (Account account : List.of(Account.AGENT, Account.BACKUP, Account.REPLICATION)) {
        set.accounts().change(account);
      }
      Secrets passwords = Secrets.passwords(set.accounts()).and(former);
      try (ProcessWatch watch = ProcessWatch.start(passwords)) {
        for (Account account : List.of(Account.AGENT, Account.BACKUP, Account.REPLICATION)) {
          test.await(
              "the primary takes the new password of " + account.user(),
              () ->
                  test.log(0, "agent-sidecar")
                      .contains(
                          "account '%s'@'%s': set its password"
                              .formatted(
                                  account.user(), account == Account.REPLICATION ? "%" : "127.%")));
        }
        test.pod(0).container("mysqld").kill();
        set.awaitReady(0, TestSet.READY_LIMIT);
        set.awaitReady(1, TestSet.READY_LIMIT);
        set.scale(3, TestSet.READY_LIMIT);
        test.assertAgreement();
        assertThat(watch.finds()).isEmpty();
      }
      assertThat(passwords.inFilesOf(set.logs())).isEmpty();
      for (Pod pod : set.pods()) {
        assertThat(passwords.inFilesOf(set.scratch(pod))).isEmpty();
        assertThat(passwords.inFilesOf(pod.volume()))
            .as("volume of %s", pod.name())
            .allMatch(found -> found.matches(keptBy(Flavour.MARIADB)));
      }
    }
  }

  @Test
  void theTestFindsWhatThereIsToFind() throws Exception {
    Secrets secrets = new Secrets(Map.of("a pet", "hunter2"));
    Files.writeString(directory.resolve("log"), "with password HUNTER2, he said");
    assertThat(secrets.inFilesOf(directory)).containsExactly("a pet in log");
    try (ProcessWatch watch = ProcessWatch.start(secrets);
        ChildProcess _ =
            ChildProcess.start(
                List.of("sh", "-c", "sleep 30; exit", "hunter2"),
                Map.of("PASSWORD", "hunter2"),
                directory.resolve("output"))) {
      // What starts the shell has them, too, and may be found first.
      List<String> ofShell = List.of("a pet in the cmdline of sh", "a pet in the environ of sh");
      Waiting.until(TestSet.READY_LIMIT, () -> watch.finds().containsAll(ofShell));
      assertThat(watch.finds()).containsAll(ofShell);
    }
  }
}
