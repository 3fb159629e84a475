package mysqlagents.lab;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import mysqlagents.lab.Accounts.Account;
import mysqlagents.mysql.ServerVersion.Flavour;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Secrets that are replaced in a running set, as an administrator does it: by changing their files
/// and nothing else.
final class RotationIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @ParameterizedTest
  @EnumSource
  void changedPasswordsAreTakenOverByAllPods(Flavour flavour) throws Exception {
    try (TestSet test = new TestSet("RotationIT-passwords", flavour)) {
      MiniatureStatefulSet set = test.set();
      set.scale(2, TestSet.READY_LIMIT);
      test.fill(1_000);
      test.assertAgreement();
      for (Account account : new Account[] {Account.AGENT, Account.BACKUP, Account.REPLICATION}) {
        String before = stored(test, 0, account);
        set.accounts().change(account);
        test.await(
            "the primary takes the new password of " + account.user(),
            LIMIT,
            () -> !stored(test, 0, account).equals(before));
      }
      test.assertAgreement();
      // Only a new connection shows that the channel knows its new password.
      test.pod(0).container("mysqld").kill();
      set.awaitReady(0, TestSet.READY_LIMIT);
      set.awaitReady(1, TestSet.READY_LIMIT);
      test.assertAgreement();
      set.scale(3, TestSet.READY_LIMIT);
      test.assertAgreement();
    }
  }

  @Test
  void aRenewedCertificateIsTakenOverByAllPods() throws Exception {
    try (TestSet test = new TestSet("RotationIT-certificate")) {
      MiniatureStatefulSet set = test.set();
      set.scale(2, TestSet.READY_LIMIT);
      test.fill(1_000);
      test.assertAgreement();
      double before = certificateEnd(test.pod(1));
      // The end is given in whole seconds.
      Waiting.pause(Duration.ofSeconds(2));
      set.certificates().renew();
      for (Pod pod : set.pods()) {
        test.await(
            pod.name() + " takes the new certificate", LIMIT, () -> certificateEnd(pod) > before);
      }
      test.assertAgreement();
      set.scale(3, TestSet.READY_LIMIT);
      test.assertAgreement();
    }
  }

  private static String stored(TestSet test, int ordinal, Account account)
      throws SQLException, IOException {
    String stored =
        test.value(
            ordinal,
            "SELECT GROUP_CONCAT(authentication_string) FROM mysql.user WHERE user = '%s'"
                .formatted(account.user()));
    return String.valueOf(stored);
  }

  private static double certificateEnd(Pod pod) throws Exception {
    String name = "mysql_agents_tls_certificate_expiry_timestamp_seconds";
    return Management.get(pod, "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(Double.NaN);
  }
}
