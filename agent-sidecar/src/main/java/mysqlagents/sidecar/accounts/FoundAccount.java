package mysqlagents.sidecar.accounts;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mysqlagents.mysql.AccountDialect;
import mysqlagents.mysql.AccountName;
import mysqlagents.mysql.Grants;
import mysqlagents.mysql.Right;
import mysqlagents.sidecar.server.Session;
import org.jspecify.annotations.Nullable;

/// An account as the server has it.
///
/// @param stored what the server keeps of the password; a secret
/// @param tls `X509` where it needs a certificate; empty where it needs nothing
/// @param isExpired whether the server wants a new password before it lets the account do anything
record FoundAccount(
    String plugin, String stored, String tls, boolean isExpired, Set<Right> rights) {

  static Optional<FoundAccount> read(Session root, AccountDialect dialect, AccountName name)
      throws SQLException {
    List<Map<String, @Nullable String>> rows = root.rows(dialect.find(name));
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    List<String> grants = new ArrayList<>();
    for (Map<String, @Nullable String> row : root.rows(dialect.showGrants(name))) {
      row.values().forEach(line -> grants.add(String.valueOf(line)));
    }
    Map<String, @Nullable String> row = rows.getFirst();
    return Optional.of(
        new FoundAccount(
            text(row, "plugin"),
            text(row, "credential"),
            text(row, "tls"),
            text(row, "expired").equals("Y"),
            Grants.parse(grants)));
  }

  private static String text(Map<String, @Nullable String> row, String column) {
    String value = row.get(column);
    return value == null ? "" : value;
  }

  @Override
  public String toString() {
    return "%s, TLS '%s', %s".formatted(plugin, tls, rights);
  }
}
