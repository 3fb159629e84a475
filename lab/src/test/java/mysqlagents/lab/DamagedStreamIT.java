package mysqlagents.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import mysqlagents.lab.FaultyDonorProxy.Damage;
import mysqlagents.lab.FaultyDonorProxy.Fault;
import mysqlagents.lab.FaultyDonorProxy.Place;
import mysqlagents.mysql.ServerVersion.Flavour;
import mysqlagents.tls.AllowedSubjects;
import mysqlagents.tls.PodTls;
import mysqlagents.tls.TlsSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Laws 1 and 2: a stream that is not exactly what the donor sent never becomes a data directory.
final class DamagedStreamIT {
  private static final int PROXY_PORT = 3399;
  private static final String RECEIPT = "mysql-agents-receipt.json";
  private static final long SEED = 20261122;
  private static final int ATTEMPTS = 5;

  /// @param description the member that says what the stream is
  @ParameterizedTest
  @CsvSource({"MARIADB, xtrabackup_info", "MYSQL, mysql-agents-donation.json"})
  void neverBecomesADataDirectory(Flavour flavour, String description) throws Exception {
    try (TestSet test = new TestSet("DamagedStreamIT", flavour)) {
      test.set().scale(1, TestSet.READY_LIMIT);
      test.fill(2_000);
      String donor = test.pod(0).address();
      try (FaultyDonorProxy proxy =
          new FaultyDonorProxy(
              PodTls.load(
                  new TlsSettings(test.set().certificates().directory(), AllowedSubjects.ANY)),
              new InetSocketAddress(donor, PROXY_PORT),
              new InetSocketAddress(donor, PodTemplate.BACKUP_PORT))) {
        test.set()
            .template()
            .variable(1, "BACKUP_PORT", Integer.toString(PROXY_PORT))
            // Less than the pause after a failed round: one attempt, and the end.
            .variable(1, "CLONE_TIME_LIMIT_SECONDS", "1");
        damage(test, proxy, faults(description));
      }
    }
  }

  private static void damage(TestSet test, FaultyDonorProxy proxy, List<Fault> faults)
      throws Exception {
    for (Fault fault : faults) {
      int before = proxy.applied();
      proxy.next(fault);
      // A donor that is busy at this moment gives nothing that could be damaged.
      for (int attempt = 0; proxy.applied() == before && attempt < ATTEMPTS; attempt++) {
        Integer status = test.set().template().agent("agent-clone", 1).runOnce();
        assertThat(status).as("%s", fault).isNotZero();
        assertThat(test.holdsData(1)).as("%s", fault).isFalse();
      }
      assertThat(proxy.applied()).as("the proxy did its part").isEqualTo(before + 1);
    }
    test.set().start(1);
    test.set().awaitReady(1, TestSet.READY_LIMIT);
    test.assertAgreement();
  }

  private static List<Fault> faults(String description) {
    Random random = new Random(SEED);
    List<Place> boundaries = new ArrayList<>();
    boundaries.add(FaultyDonorProxy.chunk(0));
    for (int i = 0; i < 6; i++) {
      boundaries.add(FaultyDonorProxy.chunk(random.nextDouble()));
    }
    boundaries.add(FaultyDonorProxy.member(description));
    boundaries.add(FaultyDonorProxy.member(RECEIPT));
    boundaries.add(FaultyDonorProxy.chunk(1));
    List<Fault> faults = new ArrayList<>();
    for (Place place : boundaries) {
      faults.add(new Fault(place, Damage.CLEAN_END));
    }
    faults.add(new Fault(FaultyDonorProxy.member(RECEIPT), Damage.CUT));
    faults.add(new Fault(FaultyDonorProxy.share(1), Damage.CLEAN_END));
    for (int i = 0; i < 6; i++) {
      faults.add(new Fault(FaultyDonorProxy.share(random.nextDouble()), Damage.FLIPPED_BIT));
      faults.add(new Fault(FaultyDonorProxy.share(random.nextDouble()), Damage.CLEAN_END));
    }
    // In a member's name, where the stream's own checksums do not look.
    Place name = FaultyDonorProxy.member(description);
    faults.add(new Fault((stream, chunks) -> name.in(stream, chunks) + 20, Damage.FLIPPED_BIT));
    return faults;
  }
}
