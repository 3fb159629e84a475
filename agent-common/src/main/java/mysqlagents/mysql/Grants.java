package mysqlagents.mysql;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Takes apart what `SHOW GRANTS` says of an account.
public final class Grants {
  private static final String GRANT = "GRANT ";

  /// "May do nothing".
  private static final String USAGE = "USAGE";

  private Grants() {}

  /// All that the account may do. Lines of other kinds (restrictions, default roles) give nothing.
  public static Set<Right> parse(Collection<String> lines) {
    Set<Right> rights = new LinkedHashSet<>();
    for (String line : lines) {
      if (line.startsWith(GRANT)) {
        add(line, rights);
      }
    }
    return rights;
  }

  private static void add(String line, Set<Right> rights) {
    int to = find(line, " TO ", GRANT.length());
    if (to < 0) {
      throw new IllegalArgumentException("a line of SHOW GRANTS has no TO");
    }
    int on = find(line.substring(0, to), " ON ", GRANT.length());
    String object = on < 0 ? "" : line.substring(on + " ON ".length(), to);
    for (String name : split(line.substring(GRANT.length(), on < 0 ? to : on))) {
      if (!name.equals(USAGE)) {
        rights.add(new Right(name, object));
      }
    }
    boolean passesOn = find(line, " WITH GRANT OPTION", to) >= 0;
    if (passesOn && !object.isEmpty() && !line.startsWith("GRANT PROXY ")) {
      rights.add(new Right("GRANT OPTION", object));
    }
  }

  /// Splits at commas, but for those in names and in lists of columns.
  private static List<String> split(String names) {
    List<String> parts = new ArrayList<>();
    int begin = 0;
    for (int comma = find(names, ",", 0); comma >= 0; comma = find(names, ",", begin)) {
      parts.add(names.substring(begin, comma).strip());
      begin = comma + 1;
    }
    parts.add(names.substring(begin).strip());
    return parts;
  }

  /// Where `word` is, outside of quotes and parentheses; -1 for nowhere.
  private static int find(String text, String word, int from) {
    int depth = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (depth == 0 && text.startsWith(word, i)) {
        return i;
      }
      switch (c) {
        case '(' -> depth++;
        case ')' -> depth--;
        case '`', '\'', '"' -> i = endOfQuote(text, i);
        default -> {}
      }
    }
    return -1;
  }

  /// A doubled quote within is taken for an end and a new beginning, which comes to the same.
  private static int endOfQuote(String text, int begin) {
    char quote = text.charAt(begin);
    int i = begin + 1;
    while (i < text.length() && text.charAt(i) != quote) {
      i += text.charAt(i) == '\\' && quote == '\'' ? 2 : 1;
    }
    return i;
  }
}
