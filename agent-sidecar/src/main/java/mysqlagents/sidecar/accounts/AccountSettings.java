package mysqlagents.sidecar.accounts;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mysqlagents.mysql.Duty;
import mysqlagents.settings.Env;
import mysqlagents.sidecar.server.Account;

/// The accounts of a set, and who makes them.
///
/// @param areManaged whether the sidecar of ordinal 0 makes the accounts; else the user does
/// @param rootPasswordFile read on ordinal 0 only, and only to manage the accounts
/// @param isEmptyRootPasswordAllowed whether root may do without a password
public record AccountSettings(
    Account agent,
    Account backup,
    Account replication,
    boolean areManaged,
    Path rootPasswordFile,
    boolean isEmptyRootPasswordAllowed) {
  /// Where a Secret with the passwords is mounted, unless told otherwise.
  private static final String DIRECTORY = "/etc/mysql-agents/passwords/";

  static final String ROOT = "root";

  public AccountSettings {
    Set<String> users = new HashSet<>(List.of(agent.user(), backup.user(), replication.user()));
    if (areManaged && (users.size() < 3 || users.contains(ROOT))) {
      throw new IllegalArgumentException(
          "MYSQL_USER is '%s', BACKUP_USER '%s' and REPLICATION_USER '%s'; expected three different"
                  .formatted(agent.user(), backup.user(), replication.user())
              + " users, none of them root, or MANAGE_ACCOUNTS=false");
    }
  }

  /// Reads the settings of the accounts.
  public static AccountSettings from(Env env) {
    return new AccountSettings(
        new Account(
            env.string("MYSQL_USER", "agent"),
            Optional.of(env.path("MYSQL_PASSWORD_FILE", DIRECTORY + "agent"))),
        new Account(
            env.string("BACKUP_USER", "backup"),
            Optional.of(env.path("BACKUP_PASSWORD_FILE", DIRECTORY + "backup"))),
        new Account(
            env.string("REPLICATION_USER", "replication"),
            Optional.of(env.path("REPLICATION_PASSWORD_FILE", DIRECTORY + "replication"))),
        env.flag("MANAGE_ACCOUNTS", true),
        env.path("ROOT_PASSWORD_FILE", DIRECTORY + "root"),
        env.flag("ALLOW_EMPTY_ROOT_PASSWORD", false));
  }

  /// The three accounts that are ours.
  public List<ManagedAccount> all() {
    return List.of(
        new ManagedAccount(Duty.AGENT, agent),
        new ManagedAccount(Duty.BACKUP, backup),
        new ManagedAccount(Duty.REPLICATION, replication));
  }
}
