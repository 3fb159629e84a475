package mysqlagents.mysql;

import java.util.ArrayList;
import java.util.List;

/// The options of CHANGE … TO that say how a replica logs in. All servers have the same ones, under
/// one of two prefixes.
///
/// @param text with a `{SOURCE}` for the prefix and a question mark for each value
record LoginOptions(String text, List<Object> values) {
  static LoginOptions of(ReplicationSource source) {
    List<Object> values = new ArrayList<>(List.of(source.user(), source.password()));
    String account = "{SOURCE}_USER = ?, {SOURCE}_PASSWORD = ?, ";
    if (source.tls().isEmpty()) {
      // Said, not left out: the channel may have had TLS, and MariaDB has it by default from 11.4
      // on.
      return new LoginOptions(
          account + "{SOURCE}_SSL = 0, {SOURCE}_SSL_VERIFY_SERVER_CERT = 0", values);
    }
    values.add(source.tls().get().authority().toString());
    values.add(source.tls().get().certificate().toString());
    values.add(source.tls().get().key().toString());
    return new LoginOptions(
        account
            + "{SOURCE}_SSL = 1, {SOURCE}_SSL_CA = ?, {SOURCE}_SSL_CERT = ?, {SOURCE}_SSL_KEY = ?,"
            + " {SOURCE}_SSL_VERIFY_SERVER_CERT = 1",
        values);
  }
}
