package mysqlagents.mysql;

/// An account as a server knows it: a user, and from where.
///
/// @param host a pattern such as `127.%`
public record AccountName(String user, String host) {
  /// As people write it, for messages.
  @Override
  public String toString() {
    return "'%s'@'%s'".formatted(user, host);
  }
}
