package mysqlagents.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A certificate authority of `openssl`'s, and the certificates that it issues, each in a directory
/// with the layout of a `kubernetes.io/tls` Secret.
public final class CertificateAuthority {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final List<String> EC =
      List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
  private static final List<String> RSA = List.of("-newkey", "rsa:2048");

  private final Path directory;

  private CertificateAuthority(Path directory) {
    this.directory = directory;
  }

  /// @param directory is made; holds the authority's own key and the work files
  /// @param name its subject's common name
  public static CertificateAuthority create(Path directory, String name) throws IOException {
    Files.createDirectories(directory);
    CertificateAuthority authority = new CertificateAuthority(directory);
    List<String> command =
        new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes", "-days", "30"));
    command.addAll(EC);
    command.addAll(List.of("-keyout", authority.path("ca.key"), "-out", authority.path("ca.crt")));
    command.addAll(List.of("-subj", "/CN=" + name));
    command.addAll(List.of("-addext", "keyUsage=critical,keyCertSign,cRLSign"));
    authority.openssl(command);
    return authority;
  }

  /// The authority's own certificate, PEM.
  public Path certificate() {
    return directory.resolve("ca.crt");
  }

  /// What a certificate is to say.
  ///
  /// @param subject as in `/O=shop/CN=mysql`
  /// @param names DNS names and IP addresses that it is good for
  /// @param days from now; may be negative for one that has expired
  /// @param rsa an RSA key instead of an EC one
  public record Request(String subject, List<String> names, int days, boolean rsa) {
    public static Request of(String subject, String... names) {
      return new Request(subject, List.of(names), 10, false);
    }
  }

  /// Issues a certificate.
  ///
  /// @param target is made; gets `tls.crt`, `tls.key` (0600) and `ca.crt`, each replaced by a
  ///   rename where it exists
  public void issue(Request request, Path target) throws IOException {
    List<String> command = new ArrayList<>(List.of("openssl", "req", "-new", "-nodes"));
    command.addAll(request.rsa ? RSA : EC);
    command.addAll(List.of("-keyout", path("tls.key"), "-out", path("tls.csr")));
    command.addAll(List.of("-subj", request.subject));
    openssl(command);
    Files.writeString(
        directory.resolve("extensions"),
        """
        basicConstraints=critical,CA:FALSE
        keyUsage=critical,digitalSignature
        extendedKeyUsage=serverAuth,clientAuth
        subjectAltName=%s
        """
            .formatted(alternativeNames(request.names)));
    openssl(
        List.of(
            "openssl",
            "x509",
            "-req",
            "-in",
            path("tls.csr"),
            "-out",
            path("tls.crt"),
            "-CA",
            path("ca.crt"),
            "-CAkey",
            path("ca.key"),
            "-CAcreateserial",
            "-days",
            Integer.toString(request.days),
            "-extfile",
            path("extensions")));
    Files.createDirectories(target);
    for (String name : List.of("tls.key", "tls.crt", "ca.crt")) {
      Path whole = target.resolve("." + name);
      Files.copy(directory.resolve(name), whole, StandardCopyOption.REPLACE_EXISTING);
      Files.move(whole, target.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static String alternativeNames(List<String> names) {
    return names.stream()
        .map(name -> (name.matches("[0-9.]+|.*:.*") ? "IP:" : "DNS:") + name)
        .collect(Collectors.joining(","));
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private void openssl(List<String> command) throws IOException {
    Path log = directory.resolve("openssl.log");
    try (ChildProcess process = ChildProcess.start(command, Map.of(), log)) {
      if (process.waitFor(LIMIT) != 0) {
        throw new IOException(
            "%s failed:%n%s".formatted(Arrays.toString(command.toArray()), process.logTail(20)));
      }
    }
  }
}
