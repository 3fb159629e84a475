package mysqlagents.sidecar.donor;

import mysqlagents.mysql.Secret;
import mysqlagents.sidecar.server.Account;
import mysqlagents.sidecar.server.Endpoint;
import mysqlagents.sidecar.server.LogIn;
import mysqlagents.sidecar.server.NoAnswerException;
import mysqlagents.wire.Problem;

/// The backup tool's account. mysqld is asked which of its passwords it takes before the tool is
/// started: the tool has one try.
public final class BackupLogIn implements ClientOptions {
  private final Endpoint server;
  private final LogIn logIn;

  public BackupLogIn(Endpoint server, Account account) {
    this.server = server;
    this.logIn = new LogIn(server, account);
  }

  @Override
  public String read() throws BackupFailedException {
    Secret password;
    try {
      password = logIn.workingPassword();
    } catch (NoAnswerException failure) {
      throw new BackupFailedException(
          Ending.TOOL_FAILED,
          new Problem("the backup tool cannot log in: " + failure.getMessage(), remedy(failure)),
          failure);
    }
    return ClientOptions.text(
        server.host(), server.port(), logIn.account().user(), password.value());
  }

  private String remedy(NoAnswerException failure) {
    return failure.isRefused()
        ? "wait until the primary has made the account and it has been replicated; or make it as"
            + " docs/accounts.md says, with the password of BACKUP_PASSWORD_FILE"
        : "look at BACKUP_PASSWORD_FILE, and at the log of the mysqld container";
  }
}
