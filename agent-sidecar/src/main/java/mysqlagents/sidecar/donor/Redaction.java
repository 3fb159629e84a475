package mysqlagents.sidecar.donor;

import java.util.regex.Pattern;

/// Takes secrets out of what a backup tool says. mariadb-backup prints `SHOW GRANTS`, with password
/// hashes, when a privilege is missing.
final class Redaction {
  private static final String HIDDEN = "<redacted>";

  /// What follows is a password or its hash, in a form that depends on server and plugin, and the
  /// line may have been cut short in the middle of it; so the rest of the line goes.
  private static final Pattern IDENTIFIED =
      Pattern.compile("\\bIDENTIFIED\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern PASSWORD_VALUE =
      Pattern.compile("(\\b(?:password|passwd|pwd)\\s*=\\s*).*", Pattern.CASE_INSENSITIVE);

  /// `mysql_native_password` and `caching_sha2_password`, wherever else they may turn up.
  private static final Pattern HASH =
      Pattern.compile("\\*[0-9A-Fa-f]{16,40}|\\$A\\$[0-9]{3}\\$\\S*");

  private Redaction() {}

  static String redact(String line) {
    String text = IDENTIFIED.matcher(line).replaceAll("IDENTIFIED " + HIDDEN);
    text = PASSWORD_VALUE.matcher(text).replaceAll("$1" + HIDDEN);
    return HASH.matcher(text).replaceAll(HIDDEN);
  }
}
