package mysqlagents.mysql;

/// The server that a replica follows, and the account it uses there.
public record ReplicationSource(String host, int port, String user, Secret password) {
  @Override
  public String toString() {
    return "%s:%d".formatted(host, port);
  }
}
