package mysqlagents.sidecar.donor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import mysqlagents.sidecar.donor.RawClient.Answer;
import mysqlagents.sidecar.donor.TestDonor.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Strangers on the backups' port: none may keep a recipient out, or be kept for long.
class HostileClientsTest {
  /// How soon a recipient is to be answered, whoever else is there: long before the strangers' own
  /// time is up.
  private static final Duration SOON = Duration.ofSeconds(15);

  @TempDir Path root;

  private TestDonor donor() throws Exception {
    return donor(Limits.WIDE);
  }

  private TestDonor donor(Limits limits) throws Exception {
    return TestDonor.start(root, limits, "head -c 1000000 /dev/zero\n" + TestDonor.COMPLETED);
  }

  private static void assertAnswersSoon(TestDonor donor) throws IOException {
    long began = System.nanoTime();
    assertThat(donor.get("/status").status()).isEqualTo(200);
    assertThat(donor.get("/backup").isWhole()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
  }

  @Test
  void twoHundredThatSayNothingKeepNobodyOut() throws Exception {
    try (TestDonor donor = donor();
        Strangers strangers = new Strangers(donor.port(), "127.0.0.1")) {
      strangers.connect(200);

      assertAnswersSoon(donor);
    }
  }

  @Test
  void thoseWhoComeBackAsSoonAsTheyAreThrownOutKeepNobodyOut() throws Exception {
    try (TestDonor donor = donor();
        Strangers strangers = new Strangers(donor.port())) {
      strangers.comeBackForever(200);

      for (int i = 0; i < 5; i++) {
        assertAnswersSoon(donor);
      }
      assertThat(strangers.thrownOut()).isPositive();
    }
  }

  @Test
  void aCrowdFromOneAddressTakesItsPlacesFromNobodyElse() throws Exception {
    try (TestDonor donor = donor();
        RawClient early = new RawClient(donor.port());
        Strangers strangers = new Strangers(donor.port())) {
      early.say("GET /status HTTP/1.1\r\nHost: d\r\n");
      strangers.connect(300);
      early.say("\r\n");

      assertThat(early.readAll().status()).isEqualTo(200);
    }
  }

  @Test
  void doesNotWaitForAHeadThatTrickles() throws Exception {
    try (TestDonor donor = donor(Limits.SHORT_LIFE);
        Strangers strangers = new Strangers(donor.port())) {
      long began = System.nanoTime();
      strangers.trickle("GET /status HTTP/1.1\r\nHost: d\r\nX-Slow: ", Duration.ofMillis(200));

      await().atMost(TestDonor.END_OF_LIFE).until(() -> strangers.thrownOut() == 1);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(1));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /status HTTP/1.1\r\nHost: d\r\nContent-Length: 999999999999\r\n\r\n",
        "POST /status HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFF\r\n",
        "GET /status HTTP/1.1\r\nHost: d\r\n\r\n",
        "GET /status HTTP/1.1\r\nHost: d\r\nX-Huge: ",
        "no HTTP at all\r\n\r\n"
      })
  void answersBesideThoseWhoNeverStopTalking(String begin) throws Exception {
    // So long a life that it does not end them: their answer does.
    Limits limits = Limits.WIDE;
    try (TestDonor donor = TestDonor.start(root, limits, "echo x\n" + TestDonor.COMPLETED);
        Strangers strangers = new Strangers(donor.port())) {
      for (int i = 0; i < 20; i++) {
        strangers.pourForever(begin);
      }

      assertAnswersSoon(donor);
      await().until(() -> donor.connections() == 0);
    }
  }

  @Test
  void refusesAHeadThatIsTooLarge() throws Exception {
    try (TestDonor donor = donor()) {
      Answer answer = donor.say("GET /" + "x".repeat(9000) + " HTTP/1.1\r\nHost: d\r\n\r\n");

      assertThat(answer.status()).isEqualTo(414);
      assertThat(answer.text()).contains("414");
    }
  }

  @Test
  void forgetsThoseWhoNeverReadTheirAnswer() throws Exception {
    try (TestDonor donor = donor(Limits.SHORT_LIFE);
        Strangers strangers = new Strangers(donor.port())) {
      for (int i = 0; i < 50; i++) {
        strangers.say("GET /status HTTP/1.1\r\nHost: d\r\n\r\n".repeat(20));
      }

      await().atMost(TestDonor.END_OF_LIFE).until(() -> donor.connections() == 0);
      assertAnswersSoon(donor);
    }
  }

  @Test
  void givesABackupAllTheTimeItTakesBesideACrowd() throws Exception {
    // Longer than any other connection may live.
    String slow = "echo begin\nsleep %d\n".formatted(TestDonor.LIFE.toSeconds() + 2);
    try (TestDonor donor = TestDonor.start(root, Limits.SHORT_LIFE, slow + TestDonor.COMPLETED);
        RawClient recipient = new RawClient(donor.port());
        Strangers strangers = new Strangers(donor.port())) {
      recipient.askFor("/backup");
      await().until(donor::toolHasBegun);
      strangers.comeBackForever(200);

      assertThat(recipient.readAll().isWhole()).isTrue();
    }
  }

  @Test
  void tellsAToolsLateFailureAlthoughTheConnectionIsOld() throws Exception {
    String slow = "sleep %d\nexit 1\n".formatted(TestDonor.LIFE.toSeconds() + 2);
    try (TestDonor donor = TestDonor.start(root, Limits.SHORT_LIFE, slow)) {
      assertThat(donor.get("/backup").status()).isEqualTo(500);
    }
  }

  @Test
  void streamsAsFastBesideACrowdAsAlone() throws Exception {
    String large = "head -c 1000000000 /dev/zero\n" + TestDonor.COMPLETED;
    try (TestDonor donor = TestDonor.start(root, large)) {
      double warm = seconds(donor);
      double alone = Math.min(warm, seconds(donor));
      try (Strangers strangers = new Strangers(donor.port())) {
        strangers.connect(200);
        strangers.trickle("GET /status HTTP/1.1\r\nHost: d\r\nX-Slow: ", Duration.ofMillis(10));

        // Other work keeps this machine busy; a stranger that cost anything would cost far more,
        // and each time.
        double limit = 3 * alone + 0.5;
        double beside = seconds(donor);
        for (int run = 2; run <= 5 && beside >= limit; run++) {
          beside = Math.min(beside, seconds(donor));
        }
        assertThat(beside).isLessThan(limit);
      }
    }
  }

  private static double seconds(TestDonor donor) throws IOException {
    long began = System.nanoTime();
    try (RawClient client = new RawClient(donor.port())) {
      client.askFor("/backup");
      assertThat(client.drain()).isGreaterThan(1_000_000_000);
    }
    return (System.nanoTime() - began) / 1e9;
  }
}
