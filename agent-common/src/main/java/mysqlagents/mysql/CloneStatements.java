package mysqlagents.mysql;

import mysqlagents.mysql.ServerVersion.Flavour;

/// What is said to MySQL about its CLONE plugin. MariaDB has none.
public final class CloneStatements {
  private CloneStatements() {}

  /// Whether such a server brings the plugin: MySQL from 8.0.17 on.
  public static boolean areKnownTo(ServerVersion server) {
    return server.flavour() == Flavour.MYSQL && server.isAtLeast(8, 0, 17);
  }

  /// One value: 1 if the plugin can be used now, else 0.
  public static Sql pluginIsActive() {
    return Sql.of(
        "SELECT COUNT(*) FROM information_schema.plugins"
            + " WHERE plugin_name = 'clone' AND plugin_status = 'ACTIVE'");
  }

  /// Writes a row into a table, so it cannot be had where the server is super-read-only; a clone
  /// brings the row along.
  public static Sql installPlugin() {
    return Sql.of("INSTALL PLUGIN clone SONAME 'mysql_clone.so'");
  }

  /// Copies all data into a directory, which must not be there yet, while its parent must; returns
  /// when that is done.
  ///
  /// @param directory as mysqld sees it
  public static Sql copyTo(String directory) {
    return Sql.of("CLONE LOCAL DATA DIRECTORY = ?", directory);
  }

  /// One value: how the server numbers its transactions, such as `ON`.
  public static Sql gtidMode() {
    return Sql.of("SELECT @@GLOBAL.gtid_mode");
  }

  /// One value: which transactions the server holds; may be empty.
  public static Sql gtidExecuted() {
    return Sql.of("SELECT @@GLOBAL.gtid_executed");
  }

  /// Columns `name` and `engine`: tables with content that the plugin would leave behind without a
  /// word. Of a server's own only the logs are not InnoDB's; what MEMORY holds is lost at any
  /// restart, and the other engines hold nothing.
  public static Sql tablesLeftBehind() {
    return Sql.of(
        "SELECT CONCAT(table_schema, '.', table_name) AS name, engine AS engine"
            + " FROM information_schema.tables"
            + " WHERE table_type = 'BASE TABLE' AND engine NOT IN"
            + " ('InnoDB', 'PERFORMANCE_SCHEMA', 'MEMORY', 'BLACKHOLE', 'FEDERATED', 'MRG_MYISAM')"
            + " AND NOT (table_schema = 'mysql' AND table_name IN ('general_log', 'slow_log'))"
            + " ORDER BY table_schema, table_name");
  }

  /// Column `file`: InnoDB's files that do not lie in the data directory. The plugin would write
  /// their copies to where they are themselves.
  public static Sql filesOutside() {
    return Sql.of(
        "SELECT file_name AS file FROM information_schema.files"
            + " WHERE file_name NOT LIKE './%' OR file_name LIKE '%../%' ORDER BY file_name");
  }

  /// One value: the number by which [#endStatement(String)] knows the connection that asks.
  public static Sql connectionId() {
    return Sql.of("SELECT CONNECTION_ID()");
  }

  /// Columns `Id` and `Info` (in full) among others: what this account, at least, is running.
  public static Sql connections() {
    return Sql.of("SHOW FULL PROCESSLIST");
  }

  /// Whether a row's `Info` of [#connections()] is a [#copyTo(String)].
  public static boolean isCopy(String info) {
    return info.startsWith("CLONE LOCAL ");
  }

  /// Ends what a connection is running. A copy is cleared away by the server then.
  public static Sql endStatement(String connectionId) {
    return Sql.of("KILL QUERY ?", Long.valueOf(connectionId));
  }
}
