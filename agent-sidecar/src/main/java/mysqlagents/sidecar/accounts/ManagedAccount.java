package mysqlagents.sidecar.accounts;

import mysqlagents.mysql.AccountName;
import mysqlagents.mysql.Duty;
import mysqlagents.sidecar.server.Account;

/// One of the three accounts that are ours.
public record ManagedAccount(Duty duty, Account account) {
  /// Replicas come from everywhere; the agents and their tools only from their own pod.
  private static final String ANYWHERE = "%";

  private static final String LOOPBACK = "127.%";

  AccountName name() {
    return new AccountName(
        account.user(),
        switch (duty) {
          case AGENT, BACKUP -> LOOPBACK;
          case REPLICATION -> ANYWHERE;
        });
  }

  /// The setting that says where its password lies.
  String passwordSetting() {
    return switch (duty) {
      case AGENT -> "MYSQL_PASSWORD_FILE";
      case BACKUP -> "BACKUP_PASSWORD_FILE";
      case REPLICATION -> "REPLICATION_PASSWORD_FILE";
    };
  }
}
