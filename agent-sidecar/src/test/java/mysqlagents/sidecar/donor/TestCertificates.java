package mysqlagents.sidecar.donor;

import java.io.IOException;
import java.nio.file.Path;
import mysqlagents.main.AgentFailure;
import mysqlagents.testbed.CertificateAuthority;
import mysqlagents.testbed.CertificateAuthority.Request;
import mysqlagents.tls.AllowedSubjects;
import mysqlagents.tls.PodTls;
import mysqlagents.tls.TlsSettings;

/// The set's authority, and certificates of it and of others.
record TestCertificates(Path root, CertificateAuthority authority) {
  static final String SUBJECT = "/O=shop/CN=mysql";

  static TestCertificates in(Path root) throws IOException {
    TestCertificates certificates =
        new TestCertificates(
            root, CertificateAuthority.create(root.resolve("authority"), "the set's"));
    certificates.issue("pod", SUBJECT);
    return certificates;
  }

  /// Issues a certificate, or renews it.
  Path issue(String name, String subject) throws IOException {
    Path directory = root.resolve(name);
    authority.issue(Request.of(subject, "127.0.0.1", "mysql-1.mysql"), directory);
    return directory;
  }

  /// The donor's own, and good for its recipients, too.
  PodTls pod() throws AgentFailure {
    return PodTls.load(new TlsSettings(root.resolve("pod"), AllowedSubjects.ANY));
  }

  PodTls other(String name, String subject) throws AgentFailure, IOException {
    return PodTls.load(new TlsSettings(issue(name, subject), AllowedSubjects.ANY));
  }
}
