package mysqlagents.sidecar.donor;

import org.junit.jupiter.api.BeforeEach;

/// TLS changes nothing of what a recipient is told, and when.
class DonorFailureOverTlsTest extends DonorFailureTest {
  private TestCertificates certificates;

  @BeforeEach
  void issueCertificates() throws Exception {
    certificates = TestCertificates.in(root);
  }

  @Override
  TestDonor start(TestDonor.Limits limits, String script) throws Exception {
    return TestDonor.start(root, limits, script, certificates.pod());
  }
}
