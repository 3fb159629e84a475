package mysqlagents.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mysqlagents.mysql.ServerVersion.Flavour;

/// mysqld's configuration by role, out of the manifests, so that the lab's servers are like a
/// cluster's.
///
/// @param files each file's text by its name
record ConfigMap(Map<String, String> files) {
  private static final Pattern FILE = Pattern.compile("  (\\S+): \\|");
  private static final int INDENT = 4;

  ConfigMap {
    files = Map.copyOf(new TreeMap<>(files));
  }

  /// @param project the project's directory
  static ConfigMap of(Flavour flavour, Path project) throws IOException {
    Path manifests = project.resolve("k8s");
    return parse(
        Files.readAllLines(
            switch (flavour) {
              case MYSQL -> manifests.resolve("base/configmap.yaml");
              case MARIADB -> manifests.resolve("overlays/mariadb/configmap.yaml");
            }));
  }

  /// Reads a manifest whose files are literal blocks, which is all the YAML that ours have.
  static ConfigMap parse(List<String> manifest) {
    Map<String, String> files = new LinkedHashMap<>();
    for (int i = 0; i < manifest.size(); i++) {
      Matcher file = FILE.matcher(manifest.get(i));
      if (file.matches()) {
        String text =
            manifest.stream()
                .skip(i + 1)
                .takeWhile(line -> line.isBlank() || line.startsWith(" ".repeat(INDENT)))
                .map(line -> line.isBlank() ? "" : line.substring(INDENT))
                .collect(Collectors.joining("\n", "", "\n"));
        files.put(file.group(1), text);
      }
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException("a ConfigMap without files: " + manifest);
    }
    return new ConfigMap(files);
  }
}
