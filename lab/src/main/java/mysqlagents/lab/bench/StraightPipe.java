package mysqlagents.lab.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// The floor: no network, no verification, nothing on disk for certain.
record StraightPipe(Donor donor) implements Contestant {
  @Override
  public String name() {
    return "straight pipe";
  }

  @Override
  public Run run() throws IOException {
    Path copy = donor.emptyCopy();
    donor.settle();
    SequencedMap<String, Double> stages = new LinkedHashMap<>();
    stages.put(
        Run.COPY,
        donor.bash(
            "set -o pipefail; %s | mbstream -x -C %s".formatted(donor.backupCommand(), copy)));
    return new Run(stages, Map.of());
  }
}
