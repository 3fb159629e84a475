package mysqlagents.docker;

import java.util.ArrayList;
import java.util.List;
import mysqlagents.main.AgentFailure;
import mysqlagents.mysql.AccountDialect;
import mysqlagents.mysql.AccountName;
import mysqlagents.mysql.Duty;
import mysqlagents.mysql.Secret;
import mysqlagents.mysql.ServerVersion;
import mysqlagents.mysql.ServerVersion.Flavour;
import mysqlagents.mysql.Sql;

/// The agents' accounts as a clone brings them along, or a person makes them.
record Accounts(ServerVersion version, Secrets secrets) {
  static AccountName name(Duty duty) {
    return switch (duty) {
      case AGENT -> new AccountName("agent", "127.%");
      case BACKUP -> new AccountName("backup", "127.%");
      case REPLICATION -> new AccountName("replication", "%");
    };
  }

  /// Whether the sidecar of the primary makes them.
  boolean areManaged() {
    return version.flavour() == Flavour.MARIADB || version.isAtLeast(5, 7, 8);
  }

  /// Whether a replica takes no long password.
  boolean areOfShortPasswords() {
    return version.flavour() == Flavour.MYSQL && areManaged();
  }

  /// What a replica has at least. Where the sidecar changes a password, the replicas get the
  /// account of replication with it; a person's statement has to find it there.
  List<Sql> ofAClone() throws AgentFailure {
    return areManaged() ? statements(Duty.AGENT, Duty.BACKUP) : statements(Duty.values());
  }

  List<Sql> statements(Duty... duties) throws AgentFailure {
    List<Sql> statements = new ArrayList<>();
    for (Duty duty : duties) {
      statements.addAll(areManaged() ? managed(duty) : byHand(duty));
    }
    return statements;
  }

  private List<Sql> managed(Duty duty) throws AgentFailure {
    AccountDialect dialect = AccountDialect.of(version);
    List<Sql> statements = new ArrayList<>(dialect.establish(name(duty), password(duty), false));
    statements.addAll(dialect.grant(name(duty), dialect.rights(duty)));
    return statements;
  }

  /// Of docs/accounts.md for MySQL 5.7 what 5.6 knows.
  private List<Sql> byHand(Duty duty) {
    String rights =
        switch (duty) {
          case AGENT -> "RELOAD, SUPER, REPLICATION CLIENT";
          case BACKUP -> "RELOAD, PROCESS, LOCK TABLES, REPLICATION CLIENT";
          case REPLICATION -> "REPLICATION SLAVE";
        };
    return List.of(
        new Sql(
            "GRANT %s ON *.* TO ?@? IDENTIFIED BY ?".formatted(rights),
            List.of(name(duty).user(), name(duty).host(), password(duty))));
  }

  private Secret password(Duty duty) {
    return new Secret(secrets.password(name(duty).user()));
  }
}
