package mysqlagents.mysql;

/// One thing that an account may do, in the words of `SHOW GRANTS`.
///
/// @param name such as `RELOAD`, `` SELECT (`a`) ``, `GRANT OPTION`, or the name of a role
/// @param object such as `*.*` or `` `db`.`table` ``; empty for a role
public record Right(String name, String object) {
  static final String EVERYTHING = "*.*";

  /// All rights on an object, in one.
  static final String ALL = "ALL PRIVILEGES";

  static Right global(String name) {
    return new Right(name, EVERYTHING);
  }

  static Right select(String schema, String table) {
    return onTable("SELECT", schema, table);
  }

  static Right onTable(String name, String schema, String table) {
    return new Right(name, "`%s`.`%s`".formatted(schema, table));
  }

  /// `RELOAD on *.*`.
  @Override
  public String toString() {
    return object.isEmpty() ? "role " + name : "%s on %s".formatted(name, object);
  }
}
