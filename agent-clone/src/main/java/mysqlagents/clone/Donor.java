package mysqlagents.clone;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import mysqlagents.backup.BackupEngine;
import mysqlagents.settings.PodName;
import mysqlagents.wire.BackupOutcome;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.Json;
import mysqlagents.wire.Problem;
import mysqlagents.wire.client.HttpConnection;
import mysqlagents.wire.client.ResponseHead;

/// Another pod, as a giver of backups; speaks the recipient's side of the clone protocol.
final class Donor {
  /// In bytes. A problem holds a tool's last words, which are 20 lines at most.
  private static final int TEXT_LIMIT = 1 << 16;

  /// How long the donor is asked how a backup ended: it may need a moment to notice.
  private static final Duration OUTCOME_LIMIT = Duration.ofSeconds(5);

  private static final Duration OUTCOME_PAUSE = Duration.ofMillis(250);

  /// In seconds. A donor that wants us to stay away for longer is asked more often.
  private static final long LONGEST_RETRY_AFTER = 30;

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final Pattern ID = Pattern.compile("[-0-9A-Za-z]{1,64}");

  private final PodName pod;
  private final String host;
  private final Network network;
  private final Duration stallLimit;

  Donor(PodName pod, String host, Network network, Duration stallLimit) {
    this.pod = pod;
    this.host = host;
    this.network = network;
    this.stallLimit = stallLimit;
  }

  PodName pod() {
    return pod;
  }

  /// Asks for a backup.
  ///
  /// @throws DonorBusyException if the donor asks to come back later
  Backup requestBackup(PodName recipient, boolean zstd) throws IOException {
    Map<String, String> headers = new HashMap<>();
    headers.put(BackupProtocol.VERSION_HEADER, Integer.toString(BackupProtocol.VERSION));
    headers.put(BackupProtocol.RECIPIENT_HEADER, recipient.toString());
    headers.put("Accept-Encoding", zstd ? "zstd" : "identity");
    HttpConnection connection = network.connect(host, stallLimit);
    try {
      HttpConnection.Response response = connection.get(BackupProtocol.BACKUP_PATH, headers);
      if (response.head().status() != 200) {
        throw refusal(response);
      }
      return backup(response, connection);
    } catch (IOException failure) {
      connection.close();
      throw failure;
    }
  }

  private Backup backup(HttpConnection.Response response, HttpConnection connection)
      throws IOException {
    ResponseHead head = response.head();
    required(
        head,
        BackupProtocol.VERSION_HEADER,
        Integer.toString(BackupProtocol.VERSION)::equals,
        "speaks another version of the clone protocol");
    String id =
        required(head, BackupProtocol.ID_HEADER, ID.asMatchPredicate()::test, "gives no usable id");
    String engine =
        required(
            head,
            BackupProtocol.TOOL_HEADER,
            Donor::isEngine,
            "takes backups in a way that is not known here");
    String version =
        required(
            head, BackupProtocol.TOOL_VERSION_HEADER, _ -> true, "does not say its tool's version");
    long size =
        head.header(BackupProtocol.SIZE_HEADER)
            .filter(NUMBER.asMatchPredicate())
            .map(Long::parseLong)
            .orElse(0L);
    return new Backup(
        pod.toString(),
        id,
        BackupEngine.named(engine),
        version,
        size,
        response.content(),
        connection);
  }

  private String required(
      ResponseHead head, String name, Function<String, Boolean> check, String problem)
      throws DonorException {
    Optional<String> value = head.header(name);
    if (value.isEmpty() || !check.apply(value.get())) {
      throw new DonorException(
          "%s %s (%s: %s)".formatted(pod, problem, name, value.orElse("missing")),
          "see that %s runs the same version of mysql-agents as this pod".formatted(pod));
    }
    return value.get();
  }

  private static boolean isEngine(String word) {
    try {
      BackupEngine.named(word);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private DonorException refusal(HttpConnection.Response response) throws IOException {
    Problem problem = problemIn(response);
    int status = response.head().status();
    Optional<Long> retryAfter =
        response
            .head()
            .header("Retry-After")
            .filter(NUMBER.asMatchPredicate())
            .map(Long::parseLong);
    String text = "%s says: %s".formatted(pod, problem.problem());
    if (status == 503 && retryAfter.isPresent()) {
      return new DonorBusyException(
          text,
          problem.remedy(),
          Duration.ofSeconds(Math.clamp(retryAfter.get(), 1, LONGEST_RETRY_AFTER)));
    }
    return new DonorException(text, problem.remedy());
  }

  private Problem problemIn(HttpConnection.Response response) throws IOException {
    String text = response.text(TEXT_LIMIT);
    try {
      return Json.read(text, Problem.class, "the answer");
    } catch (IOException _) {
      // Not one of our donors, or not one of its own answers: what it says is better than nothing.
      String words = text.strip().replaceAll("[^ -~]+", " ");
      return new Problem(
          "status %d %s"
              .formatted(
                  response.head().status(), words.substring(0, Math.min(200, words.length()))),
          "look at the log of %s's sidecar".formatted(pod));
    }
  }

  /// What the donor itself says of a backup of which we did not see a good end.
  Optional<Problem> problemOf(String backupId) throws InterruptedException {
    long deadline = System.nanoTime() + OUTCOME_LIMIT.toNanos();
    while (System.nanoTime() - deadline < 0) {
      try (HttpConnection connection = network.connect(host, OUTCOME_LIMIT)) {
        HttpConnection.Response answer =
            connection.get(BackupProtocol.OUTCOME_PATH + backupId, Map.of());
        if (answer.head().status() != 200) {
          return Optional.empty();
        }
        BackupOutcome outcome =
            Json.read(answer.text(TEXT_LIMIT), BackupOutcome.class, "the answer");
        if (!outcome.state().equals("running")) {
          return Optional.ofNullable(outcome.problem());
        }
      } catch (IOException _) {
        // It is gone; then there is no more to be learnt.
        return Optional.empty();
      }
      Thread.sleep(OUTCOME_PAUSE);
    }
    return Optional.empty();
  }
}
