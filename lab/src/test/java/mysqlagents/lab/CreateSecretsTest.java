package mysqlagents.lab;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mysqlagents.tls.AllowedSubjects;
import mysqlagents.tls.PodTls;
import mysqlagents.tls.TlsSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs `k8s/create-secrets` with a kubectl that says what a test wants it to say.
class CreateSecretsTest {
  private static final Path K8S = Path.of("../k8s").toAbsolutePath().normalize();
  private static final String NOTHING_THERE = "exit 0";
  private static final String OUT_OF_REACH =
      "echo 'The connection to the server was refused' >&2; exit 1";

  /// What the script needs besides the shell.
  private static final List<String> TOOLS =
      List.of("cat", "grep", "mkdir", "mktemp", "openssl", "rm", "tail", "tr", "wc");

  @TempDir Path root;
  private Path bin;
  private Path temporary;
  private String shell;

  @BeforeEach
  void prepare() throws Exception {
    bin = Files.createDirectory(root.resolve("bin"));
    temporary = Files.createDirectory(root.resolve("tmp"));
    shell = "/bin/sh";
    for (String tool : TOOLS) {
      program(tool, "exec '%s' \"$@\"".formatted(real(tool)));
    }
  }

  private static Path real(String tool) {
    return Stream.of("/usr/bin", "/bin")
        .map(directory -> Path.of(directory, tool))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow();
  }

  private void kubectl(String script) throws IOException {
    program("kubectl", script);
  }

  private void program(String name, String script) throws IOException {
    Path program = bin.resolve(name);
    Files.deleteIfExists(program);
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private record Result(int status, String out, String err) {
    /// What the Secrets of this name hold, decoded.
    SequencedMap<String, String> secret(String name) {
      String document =
          Stream.of(out.split("(?m)^---$"))
              .filter(text -> text.contains("\n  name: " + name + "\n"))
              .findFirst()
              .orElseThrow();
      SequencedMap<String, String> data = new LinkedHashMap<>();
      Pattern.compile("(?m)^  (\\S+): (\\S+)$")
          .matcher(document.substring(document.indexOf("\ndata:\n")))
          .results()
          .forEach(entry -> data.put(entry.group(1), decoded(entry.group(2))));
      return data;
    }

    private static String decoded(String base64) {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
    }

    List<String> names() {
      return Pattern.compile("(?m)^  name: (\\S+)$")
          .matcher(out)
          .results()
          .map((MatchResult match) -> match.group(1))
          .toList();
    }
  }

  private Process start(String... arguments) throws IOException {
    // A test that runs in the background was started with signals ignored, and hands that down.
    List<String> command =
        new ArrayList<>(
            List.of(
                "/usr/bin/env",
                "--default-signal=HUP,INT,TERM",
                shell,
                K8S.resolve("create-secrets").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", bin.toString(), "TMPDIR", temporary.toString()));
    return builder
        .redirectOutput(root.resolve("out").toFile())
        .redirectError(root.resolve("err").toFile())
        .start();
  }

  private Result run(String... arguments) throws Exception {
    Process process = start(arguments);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(temporary).as("temporary files").isEmptyDirectory();
    return new Result(
        process.exitValue(),
        Files.readString(root.resolve("out")),
        Files.readString(root.resolve("err")));
  }

  /// Writes a Secret's files as Kubernetes mounts them.
  private Path mount(String directory, Map<String, String> secret) throws IOException {
    Path target = Files.createDirectories(root.resolve(directory));
    for (Map.Entry<String, String> file : secret.entrySet()) {
      Files.writeString(target.resolve(file.getKey()), file.getValue());
    }
    return target;
  }

  private static void assertVerifies(Path tls, String purpose, String name) throws Exception {
    openssl(
        "verify",
        "-x509_strict",
        "-CAfile",
        tls.resolve("ca.crt").toString(),
        "-purpose",
        purpose,
        "-verify_hostname",
        name,
        tls.resolve("tls.crt").toString());
  }

  private static void openssl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Process openssl = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(openssl.waitFor()).as(output).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/usr/bin/dash", "/usr/bin/bash"})
  void printsWhatPodsNeed(String shell) throws Exception {
    this.shell = shell;
    kubectl(NOTHING_THERE);

    Result result = run("--namespace", "shop", "--name", "mysql-read");

    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(result.names()).containsExactly("mysql-passwords", "mysql-tls", "mysql-ca");
    assertThat(result.out().split("\n  namespace: shop\n", -1)).hasSize(4);
    SequencedMap<String, String> passwords = result.secret("mysql-passwords");
    assertThat(passwords).containsOnlyKeys("root", "agent", "backup", "replication");
    assertThat(passwords.values())
        .doesNotHaveDuplicates()
        // MySQL's replicas take no password of more than 32.
        .allMatch(p -> p.matches("[A-Za-z0-9]{32}"));
    assertThat(result.secret("mysql-ca")).containsOnlyKeys("tls.crt", "tls.key");
    Path tls = mount("tls", result.secret("mysql-tls"));
    for (String name :
        List.of("mysql", "mysql-0.mysql", "mysql-2.mysql.shop.svc.cluster.local", "mysql-read")) {
      assertVerifies(tls, "sslserver", name);
    }
    assertVerifies(tls, "sslclient", "mysql-1.mysql.shop.svc");
    PodTls pod = PodTls.load(new TlsSettings(tls, AllowedSubjects.parse("CN=mysql,O=shop")));
    assertThat(pod.subject()).isEqualTo("CN=mysql,O=shop");
  }

  private static X509Certificate certificate(Map<String, String> secret) throws Exception {
    byte[] pem =
        requireNonNull(secret.get("tls.crt"), "tls.crt").getBytes(StandardCharsets.US_ASCII);
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
  }

  private static List<String> dnsNames(Map<String, String> secret) throws Exception {
    return requireNonNull(certificate(secret).getSubjectAlternativeNames(), "names").stream()
        .map(name -> String.valueOf(name.getLast()))
        .toList();
  }

  /// MySQL 5.7 has no cipher suite for a key of another kind, and some of its suites encrypt with
  /// it.
  @Test
  void makesKeysThatEveryServerCanUse() throws Exception {
    kubectl(NOTHING_THERE);

    Result result = run("--only", "tls");

    X509Certificate pod = certificate(result.secret("mysql-tls"));
    for (X509Certificate each : List.of(pod, certificate(result.secret("mysql-ca")))) {
      assertThat(each.getPublicKey())
          .isInstanceOfSatisfying(
              RSAPublicKey.class, key -> assertThat(key.getModulus().bitLength()).isEqualTo(2048));
    }
    // digitalSignature and keyEncipherment.
    assertThat(pod.getKeyUsage())
        .containsExactly(true, false, true, false, false, false, false, false, false);
    String example = Files.readString(K8S.resolve("cert-manager/certificate.yaml"));
    assertThat(example.split("\n    algorithm: RSA\n    size: 2048\n", -1)).hasSize(3);
    assertThat(example.split("\n    algorithm: ", -1)).hasSize(3);
    assertThat(example).contains("    - digital signature\n    - key encipherment\n");
  }

  @Test
  void namesEverythingAfterTheSet() throws Exception {
    kubectl(NOTHING_THERE);

    Result result = run("--set", "orders", "--service", "orders-db", "--domain", "corp.example");

    assertThat(result.names()).containsExactly("orders-passwords", "orders-tls", "orders-ca");
    Path tls = mount("tls", result.secret("orders-tls"));
    assertVerifies(tls, "sslserver", "orders-3.orders-db.default.svc.corp.example");
  }

  @Test
  void printsOnlyWhatIsAskedFor() throws Exception {
    kubectl(NOTHING_THERE);

    assertThat(run("--only", "passwords").names()).containsExactly("mysql-passwords");
    assertThat(run("--only", "tls").names()).containsExactly("mysql-tls", "mysql-ca");
  }

  @Test
  void printsNothingWhereASecretExistsUnlessToldTo() throws Exception {
    kubectl(
        "case \"$*\" in *--namespace\\ shop\\ get\\ secret\\ mysql-tls\\ *) echo secret/mysql-tls;; esac");

    Result refused = run("--namespace", "shop");

    assertThat(refused.status()).isEqualTo(73);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err())
        .contains("Secret mysql-tls exists in namespace shop; nothing was printed")
        .contains("--ca-from")
        .contains("--replace");
    assertThat(run("--namespace", "shop", "--only", "passwords").status()).isZero();
    assertThat(run("--namespace", "shop", "--replace").names()).hasSize(3);
  }

  @Test
  void saysWhenItCannotKnowWhatExists() throws Exception {
    kubectl(OUT_OF_REACH);
    Result unreachable = run();
    Files.delete(bin.resolve("kubectl"));
    Result missing = run();

    assertThat(unreachable.names()).hasSize(3);
    assertThat(unreachable.err())
        .contains("is not known: The connection to the server was refused")
        .contains("'kubectl create -f -', which refuses to overwrite");
    assertThat(missing.names()).hasSize(3);
    assertThat(missing.err()).contains("there is no kubectl here").contains("kubectl create");
  }

  /// A kubectl that has the authority's Secret and, in `tls`, the certificate's.
  private void cluster(Path authority, Path tls) throws IOException {
    kubectl(
        """
        case "$*" in
        *\\ mysql-ca\\ *tls\\\\.crt*) openssl base64 -A -in '%1$s/tls.crt';;
        *\\ mysql-ca\\ *tls\\\\.key*) openssl base64 -A -in '%1$s/tls.key';;
        *\\ mysql-tls\\ --ignore-not-found\\ *tls\\\\.crt*)
          [ ! -e '%2$s/tls.crt' ] || openssl base64 -A -in '%2$s/tls.crt';;
        *) echo secret/there;;
        esac\
        """
            .formatted(authority, tls));
  }

  @ParameterizedTest
  @ValueSource(strings = {"directory", "secret"})
  void renewsTheCertificateFromTheKeptAuthority(String where) throws Exception {
    kubectl(NOTHING_THERE);
    Result first = run("--days", "3");
    Path tls = mount("tls", first.secret("mysql-tls"));
    Path authority = mount("kept", first.secret("mysql-ca"));
    PodTls pod = PodTls.load(new TlsSettings(tls, AllowedSubjects.ANY));
    var before = pod.expiresAt();
    cluster(authority, tls);

    Result second = run("--ca-from", where.equals("secret") ? where : authority.toString());

    assertThat(second.err()).isEmpty();
    assertThat(second.names()).containsExactly("mysql-tls");
    Map<String, String> renewed = second.secret("mysql-tls");
    assertThat(renewed.get("ca.crt")).isEqualTo(first.secret("mysql-tls").get("ca.crt"));
    mount("tls", renewed);
    assertVerifies(tls, "sslserver", "mysql-0.mysql");
    assertThat(pod.reload()).isTrue();
    assertThat(pod.expiresAt()).isAfter(before);
  }

  @Test
  void renewalKeepsTheNamesThatTheCertificateHas() throws Exception {
    kubectl(NOTHING_THERE);
    Result first =
        run(
            "--service",
            "orders-db",
            "--domain",
            "corp.example",
            "--name",
            "mysql-read",
            "--name",
            "*.shop.example");
    List<String> before = dnsNames(first.secret("mysql-tls"));
    assertThat(before)
        .contains(
            "mysql-0.orders-db",
            "*.orders-db.default.svc.corp.example",
            "mysql-read",
            "*.shop.example");
    cluster(mount("kept", first.secret("mysql-ca")), mount("tls", first.secret("mysql-tls")));

    Result second = run("--ca-from", "secret");

    assertThat(second.err()).isEmpty();
    assertThat(dnsNames(second.secret("mysql-tls")))
        .containsAll(before)
        .contains("mysql-0.mysql")
        .doesNotHaveDuplicates();
  }

  @Test
  void renewsWhereThereIsNoCertificateYet() throws Exception {
    kubectl(NOTHING_THERE);
    Result first = run();
    cluster(mount("kept", first.secret("mysql-ca")), root.resolve("nowhere"));

    Result second = run("--ca-from", "secret");

    assertThat(second.err()).isEmpty();
    assertThat(dnsNames(second.secret("mysql-tls")))
        .containsExactlyElementsOf(dnsNames(first.secret("mysql-tls")));
  }

  /// None of them may get into openssl's configuration, and none may get lost without a word.
  @ParameterizedTest
  @ValueSource(strings = {"DNS:a_b", "IP:10.0.0.7", "DNS:Shop.example", "email:me@shop.example"})
  void doesNotRenewWithoutANameThatItCannotKeep(String name) throws Exception {
    kubectl(NOTHING_THERE);
    Path authority = mount("kept", run().secret("mysql-ca"));
    Path tls = Files.createDirectories(root.resolve("tls"));
    openssl(
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=mysql",
        "-addext",
        "subjectAltName=DNS:mysql," + name,
        "-keyout",
        tls.resolve("tls.key").toString(),
        "-out",
        tls.resolve("tls.crt").toString());
    cluster(authority, tls);

    Result refused = run("--ca-from", "secret");

    assertThat(refused.status()).isEqualTo(65);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err())
        .contains("Secret mysql-tls in namespace default")
        .contains(name.substring(name.indexOf(':') + 1))
        .contains("--ca-from DIRECTORY");
    assertThat(run("--ca-from", authority.toString()).status()).isZero();
  }

  @Test
  void doesNotRenewWhereItCannotSeeTheCertificate() throws Exception {
    kubectl(NOTHING_THERE);
    Path authority = mount("kept", run().secret("mysql-ca"));
    Path tls = mount("tls", Map.of("tls.crt", "no certificate"));
    cluster(authority, tls);

    Result garbled = run("--ca-from", "secret");
    program(
        "kubectl",
        "case $* in *mysql-tls*) echo 'Unauthorized' >&2; exit 1;; *crt*) f=crt;; *) f=key;; esac\n"
            + "openssl base64 -A -in '%s/tls.'$f".formatted(authority));
    Result forbidden = run("--ca-from", "secret");

    assertThat(garbled.status()).isEqualTo(65);
    assertThat(garbled.err()).contains("tls.crt of Secret mysql-tls").contains("cannot be read");
    assertThat(forbidden.status()).isEqualTo(66);
    assertThat(forbidden.err()).contains("cannot read Secret mysql-tls").contains("Unauthorized");
    assertThat(garbled.out() + forbidden.out()).isEmpty();
  }

  @Test
  void doesNotRenewFromWhatIsNoAuthority() throws Exception {
    kubectl(NOTHING_THERE);
    Map<String, String> one = run().secret("mysql-ca");
    Map<String, String> other = run().secret("mysql-ca");
    Path mixed =
        mount("mixed", Map.of("tls.crt", one.get("tls.crt"), "tls.key", other.get("tls.key")));

    assertThat(run("--ca-from", mixed.toString()).err())
        .contains("the authority's tls.key does not belong to its tls.crt");
    assertThat(run("--ca-from", mixed.toString(), "--days", "9999").err())
        .contains("ends within 9999 days");
    Result missing = run("--ca-from", root.resolve("nowhere").toString());
    assertThat(missing.status()).isEqualTo(66);
    assertThat(missing.err()).contains("nowhere/tls.crt is missing or cannot be read");
    assertThat(missing.out()).isEmpty();
  }

  @Test
  void passesNoSecretAsAnArgument() throws Exception {
    kubectl(NOTHING_THERE);
    program(
        "openssl",
        "echo \"$*\" >>'%s'\nexec '%s' \"$@\""
            .formatted(root.resolve("arguments"), real("openssl")));

    Result result = run();

    String arguments = Files.readString(root.resolve("arguments"));
    assertThat(arguments).contains("rand").contains("genpkey");
    for (String password : result.secret("mysql-passwords").values()) {
      assertThat(arguments).doesNotContain(password);
    }
  }

  @Test
  void printsNothingWhenOpensslFails() throws Exception {
    kubectl(NOTHING_THERE);
    for (String broken : List.of("rand", "genpkey", "x509", "base64")) {
      program(
          "openssl",
          "[ \"$1\" != %s ] || { echo 'it broke' >&2; exit 1; }\nexec '%s' \"$@\""
              .formatted(broken, real("openssl")));

      Result result = run();

      assertThat(result.status()).as(broken).isEqualTo(70);
      assertThat(result.out()).as(broken).isEmpty();
      assertThat(result.err()).as(broken).contains("failed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT", "HUP"})
  void leavesNoFileBehindWhenItIsStopped(String signal) throws Exception {
    // Until the signal has been sent, for a minute at most; the script sees it only afterwards.
    kubectl(
        ": >'%s'; i=0; until [ -e '%s' ] || [ $i = 600 ]; do i=$((i + 1)); /bin/sleep 0.1; done"
            .formatted(root.resolve("asked"), root.resolve("sent")));
    Process process = start();
    assertThat(Waiting.until(Duration.ofSeconds(30), () -> Files.exists(root.resolve("asked"))))
        .isTrue();
    assertThat(temporary).isNotEmptyDirectory();

    new ProcessBuilder("sh", "-c", "kill -s %s %d".formatted(signal, process.pid()))
        .start()
        .waitFor();
    Files.createFile(root.resolve("sent"));

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isGreaterThan(128);
    assertThat(temporary).isEmptyDirectory();
    assertThat(root.resolve("out")).isEmptyFile();
  }

  @ParameterizedTest
  @CsvSource({
    "--namespace, Shop, expected a DNS name in lower case",
    "--set, 'a b', expected a DNS name in lower case",
    "--set, '*.a', expected a DNS name in lower case",
    "--service, 'a\nb', expected a DNS name in lower case",
    "--name, 'a,DNS:b', expected a DNS name in lower case",
    "--days, 0, expected a number from 1 to 9999",
    "--days, 1e3, expected a number from 1 to 9999",
    "--only, all, expected passwords or tls",
    "--what, ever, there is no option '--what'",
  })
  void saysWhatIsWrongWithAnOption(String option, String value, String message) throws Exception {
    Result result = run(option, value);

    assertThat(result.status()).isEqualTo(64);
    assertThat(result.err()).contains(message).contains("create-secrets --help");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void explainsItself() throws Exception {
    Result result = run("--help");

    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("kubectl create -f -").contains("--ca-from");
  }

  /// A pod is server and client; and a renewal that works must not look like one that does not.
  @Test
  void theExampleForCertManagerServesBothSidesAndIsRenewedBeforeAnybodyIsWarned() throws Exception {
    String example = Files.readString(K8S.resolve("cert-manager/certificate.yaml"));
    String certificate = example.substring(example.indexOf("  name: mysql-tls\n"));

    assertThat(certificate)
        .contains("  secretName: mysql-tls\n", "    - server auth\n", "    - client auth\n");
    assertThat(Files.readString(K8S.resolve("statefulset.yaml")))
        .contains("            secretName: mysql-tls\n");
    assertThat(hours("duration", certificate)).isGreaterThan(2 * hours("renewBefore", certificate));
    // TlsWatch warns a week before the end.
    assertThat(hours("renewBefore", certificate)).isGreaterThan(2 * 7 * 24);
  }

  private static long hours(String field, String yaml) {
    return Pattern.compile("(?m)^  %s: (\\d+)h\\b".formatted(field))
        .matcher(yaml)
        .results()
        .mapToLong(match -> Long.parseLong(match.group(1)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theExampleForCertManagerHasTheSameNames() throws Exception {
    kubectl(NOTHING_THERE);
    Map<String, String> secret = run("--only", "tls").secret("mysql-tls");
    String example = Files.readString(K8S.resolve("cert-manager/certificate.yaml"));
    List<String> names =
        Pattern.compile("(?m)^    - \"?(\\S*mysql[^\"\\s]*)\"?(?: #.*)?$")
            .matcher(example)
            .results()
            .map((MatchResult match) -> match.group(1))
            .toList();
    assertThat(names).containsExactlyInAnyOrderElementsOf(dnsNames(secret));
  }
}
