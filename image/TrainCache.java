import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Makes the AOT cache that all agents start from: runs `agent-sidecar` as a cluster does, with TLS
/// and without a server yet, and lets it stop. The JVM writes the cache when it ends.
///
/// One cache for the three: they share most of what they load, and three would be three times the
/// size.
///
///     java TrainCache.java /opt/mysql-agents
public final class TrainCache {
  private static final String PASSWORD = "only-for-training";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /// Linked classes would be a ninth more cache, for little; adapters are machine code, and an image
  /// runs on other machines than this.
  private static final String DUMP_FLAGS =
      "-XX:-AOTClassLinking -XX:+UnlockDiagnosticVMOptions -XX:-AOTAdapterCaching";

  private final Path home;
  private final Path work;

  private TrainCache(Path home, Path work) {
    this.home = home;
    this.work = work;
  }

  public static void main(String[] arguments) throws Exception {
    new TrainCache(Path.of(arguments[0]), Files.createTempDirectory("training")).run();
  }

  private void run() throws Exception {
    makeFiles();
    Path cache = home.resolve("agents.aot");
    Process sidecar = start("agent-sidecar", "-XX:AOTCacheOutput=" + cache);
    try {
      probe(sidecar, "/livez");
      probe(sidecar, "/readyz");
      probe(sidecar, "/metrics");
      sidecar.destroy();
      if (!sidecar.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || sidecar.exitValue() != 0) {
        throw new IOException("agent-sidecar did not end as it should; see its output above");
      }
    } finally {
      sidecar.destroyForcibly();
    }
    System.out.printf("%s: %,d bytes%n", cache, Files.size(cache));
  }

  private void makeFiles() throws Exception {
    for (String name : List.of("volume", "passwords", "tls")) {
      Files.createDirectories(work.resolve(name));
    }
    for (String account : List.of("root", "agent", "backup", "replication")) {
      Files.writeString(work.resolve("passwords").resolve(account), account + "-" + PASSWORD);
    }
    makeCertificate();
  }

  /// Of the same kind as `k8s/create-secrets` makes, and its own authority.
  private void makeCertificate() throws Exception {
    Path store = work.resolve("store.p12");
    run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
            "-alias", "pod", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=mysql",
            "-ext", "SAN=IP:127.0.0.1", "-ext", "BC=ca:true",
            "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(new ByteArrayInputStream(Files.readAllBytes(store)), PASSWORD.toCharArray());
    Path tls = work.resolve("tls");
    writePem(tls.resolve("tls.crt"), "CERTIFICATE", keys.getCertificate("pod").getEncoded());
    writePem(tls.resolve("ca.crt"), "CERTIFICATE", keys.getCertificate("pod").getEncoded());
    writePem(
        tls.resolve("tls.key"),
        "PRIVATE KEY",
        keys.getKey("pod", PASSWORD.toCharArray()).getEncoded());
  }

  private static void writePem(Path file, String type, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    Files.writeString(file, "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(type, text));
  }

  private Map<String, String> settings() {
    return Map.ofEntries(
        Map.entry("POD_NAME", "mysql-1"),
        Map.entry("LISTEN_ADDRESS", "127.0.0.1"),
        Map.entry("VOLUME_DIRECTORY", work.resolve("volume").toString()),
        Map.entry("TLS_DIRECTORY", work.resolve("tls").toString()),
        Map.entry("ROOT_PASSWORD_FILE", work.resolve("passwords/root").toString()),
        Map.entry("MYSQL_PASSWORD_FILE", work.resolve("passwords/agent").toString()),
        Map.entry("BACKUP_PASSWORD_FILE", work.resolve("passwords/backup").toString()),
        Map.entry("REPLICATION_PASSWORD_FILE", work.resolve("passwords/replication").toString()),
        Map.entry("TERMINATION_MESSAGE_PATH", work.resolve("termination-log").toString()));
  }

  /// With the flags of the agent's own launcher; a cache that is being made cannot be used as well.
  private Process start(String agent, String... moreFlags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("jre/bin/java").toString());
    command.addAll(List.of(moreFlags));
    for (String word : Files.readAllLines(home.resolve("bin/" + agent + ".args"))) {
      if (!word.startsWith("-XX:AOTCache=")) {
        command.add(word);
      }
    }
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("JDK_AOT_VM_OPTIONS", DUMP_FLAGS);
    builder.environment().putAll(settings());
    return builder.start();
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IOException("failed: " + command);
    }
  }

  /// Any answer will do; what counts is that there is one.
  private static void probe(Process sidecar, String path) throws IOException, InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      try {
        URL url = URI.create("http://127.0.0.1:9307" + path).toURL();
        int status = ((HttpURLConnection) url.openConnection()).getResponseCode();
        System.out.printf("%s: %d%n", path, status);
        return;
      } catch (IOException failure) {
        if (!sidecar.isAlive() || System.nanoTime() > end) {
          throw failure;
        }
        Thread.sleep(100);
      }
    }
  }
}
