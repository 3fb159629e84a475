package mysqlagents.sidecar.accounts;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mysqlagents.mysql.AccountDialect;
import mysqlagents.mysql.AccountName;
import mysqlagents.mysql.Right;
import mysqlagents.mysql.Secret;
import mysqlagents.mysql.Sql;

/// What is to be done to make an account what it has to be. Nothing, if it is: every statement goes
/// to the binary log.
///
/// @param what for the log; without a secret
record Repair(List<String> what, List<Sql> statements) {
  /// What an account has to be.
  record Wanted(AccountName name, Set<Right> rights, Secret password, boolean needsCertificate) {}

  private static final String CERTIFICATE = "X509";

  static Repair of(AccountDialect dialect, Wanted wanted, Optional<FoundAccount> found) {
    Repair repair = new Repair(new ArrayList<>(), new ArrayList<>());
    if (found.isEmpty()) {
      repair.what.add("made it");
    } else {
      repair.noteIdentity(dialect, wanted, found.get());
    }
    if (!repair.what.isEmpty()) {
      repair.statements.addAll(
          dialect.establish(wanted.name(), wanted.password(), wanted.needsCertificate()));
    }
    repair.mendRights(dialect, wanted, found.map(FoundAccount::rights).orElse(Set.of()));
    return repair;
  }

  private void noteIdentity(AccountDialect dialect, Wanted wanted, FoundAccount found) {
    if (!found.plugin().equals(dialect.plugin())) {
      what.add("%s instead of %s".formatted(dialect.plugin(), found.plugin()));
    } else if (!dialect.isMadeFrom(found.stored(), wanted.password()) || found.isExpired()) {
      what.add("set its password");
    }
    if (!found.tls().equals(wanted.needsCertificate() ? CERTIFICATE : "")) {
      what.add(wanted.needsCertificate() ? "it needs a certificate" : "it needs no certificate");
    }
  }

  /// What is too much goes first: "all" on an object includes what is then granted anew.
  private void mendRights(AccountDialect dialect, Wanted wanted, Set<Right> held) {
    Set<Right> excess = without(held, wanted.rights());
    Set<Right> missing = without(wanted.rights(), held);
    if (!excess.isEmpty()) {
      what.add("took away " + words(excess));
      if (excess.stream().anyMatch(Repair::isUnspeakable)) {
        statements.add(dialect.revokeAll(wanted.name()));
        missing = wanted.rights();
      } else {
        statements.addAll(dialect.revoke(wanted.name(), excess));
      }
    }
    if (!missing.isEmpty()) {
      what.add("gave it " + words(missing));
      statements.addAll(dialect.grant(wanted.name(), missing));
    }
  }

  /// A question mark in a name would be taken for the place of a value.
  private static boolean isUnspeakable(Right right) {
    return right.toString().indexOf('?') >= 0;
  }

  private static Set<Right> without(Set<Right> rights, Set<Right> others) {
    Set<Right> rest = new LinkedHashSet<>(rights);
    rest.removeAll(others);
    return rest;
  }

  private static String words(Set<Right> rights) {
    return String.join(", ", rights.stream().map(Right::toString).toList());
  }
}
