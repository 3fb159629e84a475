package mysqlagents.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mysqlagents.testbed.CertificateAuthority;
import mysqlagents.testbed.CertificateAuthority.Request;
import mysqlagents.testbed.LoopbackNet;

/// The set's authority and the certificate that all its pods have, as a Secret is mounted.
///
/// In a cluster it names the pods; here mysqld has no name service to find them by, so it names
/// their addresses.
public final class Certificates {
  /// More than any story or test starts.
  private static final int MOST_PODS = 10;

  private final CertificateAuthority authority;
  private final Path directory;
  private final List<String> names = new ArrayList<>();

  private Certificates(CertificateAuthority authority, Path directory) {
    this.authority = authority;
    this.directory = directory;
  }

  /// @param directory `tls` in it gets the certificate, `authority` what it is issued with
  public static Certificates create(Path directory, LoopbackNet net) throws IOException {
    CertificateAuthority authority =
        CertificateAuthority.create(directory.resolve("authority"), "mysql-agents lab");
    Certificates certificates = new Certificates(authority, directory.resolve("tls"));
    certificates.names.add(MiniatureStatefulSet.NAME);
    certificates.names.add("*." + MiniatureStatefulSet.NAME);
    for (int ordinal = 0; ordinal < MOST_PODS; ordinal++) {
      certificates.names.add(net.pod(ordinal));
    }
    certificates.renew();
    return certificates;
  }

  /// Puts a new certificate in the old one's place.
  public void renew() throws IOException {
    authority.issue(Request.of("/CN=mysql", names.toArray(String[]::new)), directory);
  }

  /// Holds `tls.crt`, `tls.key` and `ca.crt`.
  public Path directory() {
    return directory;
  }
}
