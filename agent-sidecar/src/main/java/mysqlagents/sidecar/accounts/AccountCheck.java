package mysqlagents.sidecar.accounts;

import static java.lang.System.Logger.Level.INFO;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;
import mysqlagents.mysql.AccountDialect;
import mysqlagents.mysql.Secret;
import mysqlagents.mysql.ServerVersion;
import mysqlagents.mysql.Sql;
import mysqlagents.sidecar.server.Session;

/// One look at the three accounts, as root, and what there is to be mended.
final class AccountCheck {
  private static final System.Logger LOG = System.getLogger(AccountCheck.class.getName());

  /// A running backup may keep statements of this kind waiting for as long as it holds its lock.
  /// The server gives up first, and says so; one statement may wait for two locks, one after the
  /// other.
  private static final Duration STATEMENT_LIMIT =
      AccountDialect.LOCK_WAIT.multipliedBy(2).plusSeconds(5);

  private final List<ManagedAccount> accounts;
  private final boolean replicasNeedCertificate;

  /// @param replicasNeedCertificate whether the account of replication takes a certificate
  AccountCheck(List<ManagedAccount> accounts, boolean replicasNeedCertificate) {
    this.accounts = List.copyOf(accounts);
    this.replicasNeedCertificate = replicasNeedCertificate;
  }

  /// Makes the accounts what they have to be.
  ///
  /// @throws AgentFailure if only a person can go on
  void run(Session root) throws AgentFailure, IOException, SQLException {
    String version = root.value(new Sql("SELECT VERSION()", List.of()));
    AccountDialect dialect = AccountDialect.of(ServerVersion.parse(version));
    root.execute(dialect.prepareSession(), STATEMENT_LIMIT);
    // All files first: a set with half of a new Secret is worse than one with the old.
    List<Repair.Wanted> all = new ArrayList<>();
    for (ManagedAccount account : accounts) {
      all.add(wanted(dialect, account));
    }
    for (Repair.Wanted wanted : all) {
      mend(root, dialect, wanted);
    }
  }

  private Repair.Wanted wanted(AccountDialect dialect, ManagedAccount managed)
      throws AgentFailure, IOException {
    Secret password = managed.account().password();
    int bytes = password.value().getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0) {
      throw unfit(managed, "is empty", "put a password there");
    }
    int most = dialect.longestPassword(managed.duty());
    if (bytes > most) {
      throw unfit(
          managed,
          "has %d bytes, and the server takes no more than %d".formatted(bytes, most),
          "put a shorter one there, and into the same file of all pods");
    }
    return new Repair.Wanted(
        managed.name(),
        dialect.rights(managed.duty()),
        password,
        switch (managed.duty()) {
          case AGENT, BACKUP -> false;
          case REPLICATION -> replicasNeedCertificate;
        });
  }

  private static AgentFailure unfit(ManagedAccount managed, String problem, String remedy) {
    return new AgentFailure(
        ExitCode.MISCONFIGURED,
        "the password of '%s' in %s %s, so the accounts are left as they are"
            .formatted(
                managed.account().user(), managed.account().passwordFile().orElseThrow(), problem),
        remedy);
  }

  private static void mend(Session root, AccountDialect dialect, Repair.Wanted wanted)
      throws AgentFailure, SQLException {
    Repair repair = repair(root, dialect, wanted);
    if (repair.statements().isEmpty()) {
      return;
    }
    for (Sql statement : repair.statements()) {
      root.execute(statement, STATEMENT_LIMIT);
    }
    LOG.log(
        INFO, () -> "account %s: %s".formatted(wanted.name(), String.join("; ", repair.what())));
    // Without this, what a server answers in other words would be repaired for ever.
    Repair left = repair(root, dialect, wanted);
    if (!left.statements().isEmpty()) {
      throw new AgentFailure(
          ExitCode.REFUSED,
          "the account %s does not become what it has to be; still to do: %s"
              .formatted(wanted.name(), String.join("; ", left.what())),
          "look for what changes it; or make the accounts yourself, as docs/accounts.md says, and"
              + " set MANAGE_ACCOUNTS=false");
    }
  }

  private static Repair repair(Session root, AccountDialect dialect, Repair.Wanted wanted)
      throws SQLException {
    return Repair.of(dialect, wanted, FoundAccount.read(root, dialect, wanted.name()));
  }
}
