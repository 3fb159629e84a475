package mysqlagents.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Passwords and certificates of one set, as `k8s/create-secrets` makes them.
///
/// @param files content by path below `/etc/mysql-agents`: `passwords/root`, `tls/tls.crt` …
record Secrets(Map<String, byte[]> files) {
  private static final Pattern ENTRY = Pattern.compile("(?m)^  ([a-z.]+): ([A-Za-z0-9+/=]+)$");

  /// Runs the script, which needs `sh` and `openssl`.
  ///
  /// @param script the path of `create-secrets`
  static Secrets create(Path script) throws IOException, InterruptedException {
    // With --replace it does not ask any cluster whether such Secrets exist.
    Process process =
        new ProcessBuilder(script.toString(), "--replace")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String yaml = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("%s failed; it says above why".formatted(script));
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String secret : yaml.split("(?m)^---$", -1)) {
      if (secret.contains("name: mysql-passwords")) {
        add(files, "passwords/", secret);
      } else if (secret.contains("name: mysql-tls")) {
        add(files, "tls/", secret);
      }
    }
    return new Secrets(files);
  }

  private static void add(Map<String, byte[]> files, String directory, String secret) {
    String data = secret.substring(secret.indexOf("\ndata:"));
    for (MatchResult entry : ENTRY.matcher(data).results().toList()) {
      files.put(directory + entry.group(1), Base64.getDecoder().decode(entry.group(2)));
    }
  }

  /// @param user `root`, `agent`, `backup` or `replication`
  String password(String user) {
    return text("passwords/" + user);
  }

  String text(String file) {
    return new String(file(file), StandardCharsets.UTF_8);
  }

  byte[] file(String file) {
    return Objects.requireNonNull(files.get(file), file);
  }

  /// The names only.
  @Override
  public String toString() {
    return files.keySet().toString();
  }
}
