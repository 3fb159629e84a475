package mysqlagents.sidecar.donor;

import java.util.Map;
import java.util.Optional;
import mysqlagents.sidecar.http.Answers;
import mysqlagents.sidecar.http.GetRoutes;
import mysqlagents.wire.BackupOutcome;
import mysqlagents.wire.BackupProtocol;
import mysqlagents.wire.Problem;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// The donor's side of the clone protocol, by path.
public final class DonorRoutes {
  private DonorRoutes() {}

  public static GetRoutes of(Donor donor) {
    return new GetRoutes(
        Map.of(
            BackupProtocol.BACKUP_PATH,
            (request, response, callback) -> donor.give(new Recipient(request, response, callback)),
            BackupProtocol.STATUS_PATH,
            (_, response, callback) ->
                Answers.json(response, callback, HttpStatus.OK_200, donor.status()),
            BackupProtocol.OUTCOME_PATH,
            (request, response, callback) -> outcome(donor, request, response, callback)));
  }

  private static void outcome(Donor donor, Request request, Response response, Callback callback) {
    String id = Request.getPathInContext(request).substring(BackupProtocol.OUTCOME_PATH.length());
    Optional<BackupOutcome> outcome = donor.outcome(id);
    if (outcome.isPresent()) {
      Answers.json(response, callback, HttpStatus.OK_200, outcome.get());
    } else {
      Answers.problem(
          response,
          callback,
          HttpStatus.NOT_FOUND_404,
          new Problem(
              "no backup of that id is remembered",
              "only the last few backups since the start of agent-sidecar are"));
    }
  }
}
