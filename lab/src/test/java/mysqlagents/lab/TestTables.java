package mysqlagents.lab;

import java.util.ArrayList;
import java.util.List;
import mysqlagents.mysql.ServerVersion.Flavour;

/// The tables of the tests: of as many engines as a donor with that flavour of server can copy.
///
/// @param notes the engine of `shop.notes`
/// @param old the engine of `shop.old`
/// @param setUp what a session needs before `sequence`
/// @param sequence a query's source of `%d` rows
record TestTables(String notes, String old, List<String> setUp, String sequence) {
  static TestTables of(Flavour flavour) {
    return switch (flavour) {
      case MARIADB ->
          new TestTables(
              "Aria", "MyISAM", List.of(), "WITH seq AS (SELECT seq FROM shop.seq_1_to_%d)");
      // MySQL's own clone copies InnoDB alone.
      case MYSQL ->
          new TestTables(
              "InnoDB",
              "InnoDB",
              List.of("SET SESSION cte_max_recursion_depth = 1000000"),
              "WITH RECURSIVE seq AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM seq WHERE n < %d)");
    };
  }

  /// Makes them and their rows.
  ///
  /// @param kilobytes about as many rows of `shop.goods`
  String[] fill(int kilobytes) {
    List<String> statements = new ArrayList<>(setUp);
    statements.addAll(
        List.of(
            "CREATE DATABASE shop",
            "CREATE TABLE shop.goods (id INT PRIMARY KEY AUTO_INCREMENT, stuff VARCHAR(1100))",
            "CREATE TABLE shop.notes (note VARCHAR(100)) ENGINE=" + notes,
            "CREATE TABLE shop.old (note VARCHAR(100)) ENGINE=" + old,
            "INSERT INTO shop.notes VALUES ('a note')",
            "INSERT INTO shop.old VALUES ('an old note')",
            // Random text, for zeros would be too easy for everything on the way.
            "INSERT INTO shop.goods (stuff) %s SELECT REPEAT(MD5(RAND()), 32) FROM seq"
                .formatted(sequence.formatted(kilobytes))));
    return statements.toArray(String[]::new);
  }
}
