package mysqlagents.mysql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.ExitCode;
import mysqlagents.mysql.ServerVersion.Flavour;

/// The SQL of accounts as one server speaks it.
public sealed interface AccountDialect permits MariaDbAccounts, MySqlAccounts {
  /// @throws AgentFailure if nothing is known of such a server
  static AccountDialect of(ServerVersion version) throws AgentFailure {
    Dialect.of(version);
    if (version.flavour() == Flavour.MARIADB) {
      return new MariaDbAccounts();
    }
    if (!version.isAtLeast(5, 7, 8)) {
      throw new AgentFailure(
          ExitCode.REFUSED,
          "the accounts of a %s are not managed".formatted(version),
          "make them as docs/accounts.md says and set MANAGE_ACCOUNTS=false, or use MySQL 5.7.8 or"
              + " later");
    }
    return new MySqlAccounts(version);
  }

  /// What an account may do, and nothing else.
  Set<Right> rights(Duty duty);

  /// The way in which our accounts prove who they are.
  String plugin();

  /// How many bytes of UTF-8 a password may have.
  int longestPassword(Duty duty);

  /// Whether `stored`, which the server keeps for an account of [#plugin()], is made from
  /// `password`.
  boolean isMadeFrom(String stored, Secret password);

  /// How an account proves who it is, as an end of CREATE USER and ALTER USER.
  Sql identified(Secret password);

  /// How long a statement waits for a lock, such as a running backup's, before the server refuses
  /// it. The server's own limit is a day or a year, and it takes no notice of a client that has
  /// gone: what that left behind would wait on, next to all that is tried after it.
  Duration LOCK_WAIT = Duration.ofSeconds(30);

  /// A session in which names are quoted as [Grants] reads them, whatever the server's settings,
  /// and in which nothing waits for longer than [#LOCK_WAIT].
  default Sql prepareSession() {
    return Sql.of(
        "SET SESSION sql_mode = '', sql_quote_show_create = 1, lock_wait_timeout = "
            + LOCK_WAIT.toSeconds());
  }

  /// At most one row: `plugin`, `credential`, `tls` and `expired`. None of these may be a word that
  /// MySQL reserves, as it does `stored`.
  default Sql find(AccountName account) {
    return Sql.of(
        "SELECT plugin, authentication_string AS credential, ssl_type AS tls,"
            + " password_expired AS expired FROM mysql.user WHERE user = ? AND host = ?",
        account.user(),
        account.host());
  }

  /// Rows with one column each, for [Grants].
  default Sql showGrants(AccountName account) {
    return Sql.of("SHOW GRANTS FOR ?@?", account.user(), account.host());
  }

  /// Makes the account, or gives an existing one this password, this requirement and no end. In two
  /// statements, because an account may be there on the primary and missing on a replica, or the
  /// other way round, and both get the same statements.
  ///
  /// @param requireCertificate whether it may only log in with a certificate of the set's authority
  default List<Sql> establish(AccountName account, Secret password, boolean requireCertificate) {
    return List.of(
        user("CREATE USER IF NOT EXISTS", account, password, requireCertificate),
        user("ALTER USER", account, password, requireCertificate));
  }

  private Sql user(String verb, AccountName account, Secret password, boolean requireCertificate) {
    Sql identified = identified(password);
    List<Object> values = new ArrayList<>(List.of(account.user(), account.host()));
    values.addAll(identified.values());
    return new Sql(
        "%s ?@? %s REQUIRE %s PASSWORD EXPIRE NEVER"
            .formatted(verb, identified.text(), requireCertificate ? "X509" : "NONE"),
        values);
  }

  /// Gives an account what it lacks; one statement for each object.
  default List<Sql> grant(AccountName account, Set<Right> rights) {
    List<Sql> statements = new ArrayList<>();
    byObject(rights)
        .forEach((object, names) ->
            statements.add(
                Sql.of(
                    "GRANT %s ON %s TO ?@?".formatted(String.join(", ", names), object),
                    account.user(),
                    account.host())));
    return statements;
  }

  /// Takes from an account what it has too much.
  default List<Sql> revoke(AccountName account, Set<Right> rights) {
    List<Sql> statements = new ArrayList<>();
    byObject(rights)
        .forEach((object, names) -> {
          // Not to be mixed with others.
          if (names.remove(Right.ALL)) {
            statements.add(revoke(account, Right.ALL, object));
          }
          if (!names.isEmpty()) {
            statements.add(revoke(account, String.join(", ", names), object));
          }
        });
    return statements;
  }

  private static Sql revoke(AccountName account, String names, String object) {
    return Sql.of(
        "REVOKE %s%s FROM ?@?".formatted(names, object.isEmpty() ? "" : " ON " + object),
        account.user(),
        account.host());
  }

  /// Takes everything but roles and proxies, whatever their names are.
  default Sql revokeAll(AccountName account) {
    return Sql.of("REVOKE ALL PRIVILEGES, GRANT OPTION FROM ?@?", account.user(), account.host());
  }

  private static Map<String, List<String>> byObject(Set<Right> rights) {
    Map<String, List<String>> names = new LinkedHashMap<>();
    for (Right right : rights) {
      names.computeIfAbsent(right.object(), _ -> new ArrayList<>()).add(right.name());
    }
    return names;
  }
}
