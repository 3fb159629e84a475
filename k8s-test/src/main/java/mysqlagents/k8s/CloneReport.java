package mysqlagents.k8s;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The last line of agent-clone.
///
/// @param result `cloned`, `kept` or `empty`
/// @param cloneId empty unless cloned
record CloneReport(String result, String cloneId, String donor) {
  static CloneReport parse(String log, String pod) throws IOException {
    String json =
        log.lines()
            .filter(line -> line.startsWith("{"))
            .reduce((_, last) -> last)
            .orElseThrow(
                () -> new StepFailure("agent-clone of " + pod + " says no result: " + log));
    return new CloneReport(member(json, "result"), member(json, "cloneId"), member(json, "donor"));
  }

  private static String member(String json, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":\\s*\"([^\"]*)\"").matcher(json);
    return matcher.find() ? matcher.group(1) : "";
  }
}
