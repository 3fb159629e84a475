package mysqlagents.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import mysqlagents.testbed.CertificateAuthority;
import mysqlagents.testbed.CertificateAuthority.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Those who reach the ports of a set and do not belong to it.
final class StrangerIT {
  @TempDir private Path directory;

  @Test
  void getNothingFromPort3307() throws Exception {
    try (TestSet test = new TestSet("StrangerIT")) {
      test.set().scale(1, TestSet.READY_LIMIT);
      test.fill(100);
      Stranger stranger = new Stranger(test.pod(0).address());
      assertThat(stranger.askInTheClear()).contains("nothing but TLS");
      assertThat(stranger.askOverTls()).contains("certificate_required");
      assertThat(test.log(0, "agent-sidecar")).contains("refused a connection from");
    }
  }

  /// A pod with the right names, certified by an authority of its own.
  @Test
  void getNoCloneWithACertificateOfTheirOwn() throws Exception {
    try (TestSet test = new TestSet("StrangerIT-clone")) {
      MiniatureStatefulSet set = test.set();
      set.scale(1, TestSet.READY_LIMIT);
      test.fill(100);
      Path forged = directory.resolve("tls");
      CertificateAuthority.create(directory.resolve("authority"), "mysql-agents lab")
          .issue(Request.of("/CN=mysql", "mysql", "*.mysql", set.net().pod(1)), forged);
      set.template()
          .variable(1, "TLS_DIRECTORY", forged.toString())
          .variable(1, "CLONE_TIME_LIMIT_SECONDS", "1");
      assertThat(set.template().agent("agent-clone", 1).runOnce()).isNotZero();
      assertThat(test.holdsData(1)).isFalse();
      assertThat(LabLog.lines(set.log(1, "agent-clone")))
          .anyMatch(line -> line.contains("cannot be verified with the authorities"));
    }
  }
}
