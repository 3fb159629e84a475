package mysqlagents.sidecar.accounts;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.AgentMain;
import mysqlagents.main.ExitCode;
import mysqlagents.settings.PodName;
import mysqlagents.sidecar.server.Account;

/// What the password files have to be like. Later trouble with them is waited out; at the start it
/// is most likely a mistake.
public final class PasswordFiles {
  private static final System.Logger LOG = System.getLogger(PasswordFiles.class.getName());

  private PasswordFiles() {}

  /// Looks at all files that `pod` needs; replicas never read root's.
  ///
  /// @throws AgentFailure if one is missing or has no password
  public static void require(AccountSettings settings, PodName pod) throws AgentFailure {
    for (ManagedAccount account : settings.all()) {
      require(account, settings.areManaged());
    }
    if (settings.areManaged() && pod.isPrimary()) {
      root(settings);
    }
  }

  private static void require(ManagedAccount managed, boolean isManaged) throws AgentFailure {
    Account account = managed.account();
    Path file = account.passwordFile().orElseThrow();
    String remedy =
        "mount the Secret, or put %s right (it is %s)".formatted(managed.passwordSetting(), file);
    if (isEmpty(account, remedy) && isManaged) {
      throw new AgentFailure(
          ExitCode.MISCONFIGURED,
          "the password of '%s' in %s is empty".formatted(account.user(), file),
          "put a password there; only accounts of your own (MANAGE_ACCOUNTS=false) may do without");
    }
  }

  private static boolean isEmpty(Account account, String remedy) throws AgentFailure {
    try {
      return account.password().value().isEmpty();
    } catch (IOException failure) {
      throw new AgentFailure(
          ExitCode.NO_INPUT,
          "the password file cannot be read: " + AgentMain.withCauses(failure),
          remedy,
          failure);
    }
  }

  /// Root's account, as far as it is needed; with an empty password only where that is allowed.
  static Account root(AccountSettings settings) throws AgentFailure {
    Path file = settings.rootPasswordFile();
    Account account = new Account(AccountSettings.ROOT, Optional.of(file));
    String remedy =
        "put root's password into the Secret, or put ROOT_PASSWORD_FILE right (it is "
            + file
            + "); where root has no password, set ALLOW_EMPTY_ROOT_PASSWORD=true; where you make the"
            + " accounts yourself, set MANAGE_ACCOUNTS=false";
    if (!settings.isEmptyRootPasswordAllowed()) {
      if (isEmpty(account, remedy)) {
        throw new AgentFailure(
            ExitCode.MISCONFIGURED, "root's password in %s is empty".formatted(file), remedy);
      }
      return account;
    }
    // A directory that is there without the file is how a Secret without this key is mounted.
    return Files.exists(file) ? account : new Account(AccountSettings.ROOT, Optional.empty());
  }

  /// To be said at each start.
  static void warnOfEmptyRootPassword(AccountSettings settings) {
    if (settings.isEmptyRootPasswordAllowed()) {
      LOG.log(
          WARNING,
          () ->
              "ALLOW_EMPTY_ROOT_PASSWORD is true: whoever reaches mysqld may be root without a"
                  + " password; give root one, put it into %s, and remove the setting"
                      .formatted(settings.rootPasswordFile()));
    }
  }
}
