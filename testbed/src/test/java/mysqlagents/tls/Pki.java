package mysqlagents.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import mysqlagents.main.AgentFailure;
import mysqlagents.testbed.CertificateAuthority;
import mysqlagents.testbed.CertificateAuthority.Request;

/// Certificates in a test's directory.
record Pki(Path root) {
  CertificateAuthority authority(String name) throws IOException {
    return CertificateAuthority.create(root.resolve("authority-" + name), name);
  }

  /// A directory like a mounted Secret.
  Path secret(CertificateAuthority authority, String name, Request request) throws IOException {
    Path directory = root.resolve(name);
    authority.issue(request, directory);
    return directory;
  }

  /// A certificate that was good for a day, long ago.
  Path expired(Path authority, String name, String host, Instant end) throws Exception {
    Path directory = Files.createDirectory(root.resolve(name));
    DateTimeFormatter format =
        DateTimeFormatter.ofPattern("yyyyMMddHHmmssX").withZone(ZoneOffset.UTC);
    Files.writeString(
        directory.resolve("ca.cnf"),
        """
        [ca]
        default_ca = it
        [it]
        database = index
        new_certs_dir = .
        rand_serial = yes
        default_md = sha256
        policy = any
        x509_extensions = names
        [any]
        commonName = supplied
        [names]
        subjectAltName = DNS:%s
        """
            .formatted(host));
    Files.createFile(directory.resolve("index"));
    request(directory, "tls.key", "csr", "/CN=" + name);
    openssl(
        directory,
        "ca",
        "-batch",
        "-notext",
        "-config",
        "ca.cnf",
        "-in",
        "csr",
        "-out",
        "tls.crt",
        "-cert",
        authority + "/ca.crt",
        "-keyfile",
        authority + "/ca.key",
        "-startdate",
        format.format(end.minus(Duration.ofDays(1))),
        "-enddate",
        format.format(end));
    Files.copy(authority.resolve("ca.crt"), directory.resolve("ca.crt"));
    return directory;
  }

  /// A certificate `p.crt` that an intermediate one issued, `i.crt`, which ends after two days.
  /// What goes into `tls.crt` is for the test to say.
  Path chain(CertificateAuthority authority, String name, String host) throws Exception {
    Path work = Files.createDirectory(root.resolve(name));
    Path ca = Objects.requireNonNull(authority.certificate().getParent());
    Files.writeString(work.resolve("ca.ext"), "basicConstraints=critical,CA:TRUE\n");
    Files.writeString(work.resolve("pod.ext"), "subjectAltName=DNS:" + host + "\n");
    request(work, "i.key", "i.csr", "/CN=between");
    sign(work, "i", ca.resolve("ca"), 2, "ca.ext");
    request(work, "tls.key", "p.csr", "/CN=pod");
    sign(work, "p", work.resolve("i"), 9, "pod.ext");
    Files.copy(ca.resolve("ca.crt"), work.resolve("ca.crt"));
    return work;
  }

  /// A new key, and the request for its certificate.
  private static void request(Path directory, String key, String csr, String subject)
      throws Exception {
    openssl(
        directory,
        "req",
        "-new",
        "-nodes",
        "-newkey",
        "rsa:2048",
        "-keyout",
        key,
        "-out",
        csr,
        "-subj",
        subject);
  }

  /// Answers `name.csr` with `name.crt`.
  ///
  /// @param issuer its certificate and key, without `.crt` and `.key`
  private static void sign(Path directory, String name, Path issuer, int days, String extensions)
      throws Exception {
    openssl(
        directory,
        "x509",
        "-req",
        "-in",
        name + ".csr",
        "-out",
        name + ".crt",
        "-CA",
        issuer + ".crt",
        "-CAkey",
        issuer + ".key",
        "-CAcreateserial",
        "-days",
        Integer.toString(days),
        "-extfile",
        extensions);
  }

  static PodTls load(Path directory) throws AgentFailure {
    return PodTls.load(new TlsSettings(directory, AllowedSubjects.ANY));
  }

  /// Runs `openssl` in a directory.
  static void openssl(Path directory, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(Arrays.asList(arguments));
    Path log = directory.resolve("openssl.log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new AssertionError(command + " failed:\n" + Files.readString(log));
    }
  }
}
