package mysqlagents.clone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mysqlagents.backup.BackupEngine;
import mysqlagents.backup.BackupTool;
import mysqlagents.backup.ToolVersion;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.AgentMain;
import mysqlagents.main.ExitCode;
import mysqlagents.process.ChildProcess;
import org.jspecify.annotations.Nullable;

/// The backup tools of this machine. A backup that has to be prepared can be only by the tool that
/// took it, in a version of the same series.
final class LocalTools {
  private static final Pattern SERIES = Pattern.compile("([0-9]+)\\.([0-9]+)\\..*");

  /// In bytes; a version is a line.
  private static final int OUTPUT_LIMIT = 1 << 16;

  private final Function<BackupTool, String> programs;
  private final Map<BackupTool, ToolVersion> versions = new EnumMap<>(BackupTool.class);

  LocalTools(Function<BackupTool, String> programs) {
    this.programs = programs;
  }

  /// @param version of the tool that took the backup
  /// @throws UnfitDonorException if this machine's tool cannot prepare it
  /// @throws AgentFailure if this machine has no such tool
  void requireFit(String donor, BackupEngine engine, String version)
      throws UnfitDonorException, AgentFailure {
    Optional<BackupTool> tool = engine.tool();
    if (tool.isPresent()) {
      requireSameSeries(donor, version, version(tool.get()));
    }
  }

  private static void requireSameSeries(String donor, String version, ToolVersion here)
      throws UnfitDonorException {
    Matcher there = SERIES.matcher(version);
    if (!there.matches()
        || !there.group(1).equals(Integer.toString(here.major()))
        || !there.group(2).equals(Integer.toString(here.minor()))) {
      throw new UnfitDonorException(
          "%s backs up with %s %s, and this pod has %s"
              .formatted(donor, here.tool().program(), version, here),
          "run both pods from images with the same series of server and backup tool");
    }
  }

  private ToolVersion version(BackupTool tool) throws AgentFailure {
    ToolVersion version = versions.get(tool);
    if (version == null) {
      version = ask(tool, programs.apply(tool));
      versions.put(tool, version);
    }
    return version;
  }

  private static ToolVersion ask(BackupTool tool, String program) throws AgentFailure {
    ProcessBuilder builder =
        new ProcessBuilder(tool.versionCommand(program)).redirectErrorStream(true);
    try (ChildProcess child = ChildProcess.start(builder)) {
      String output = new String(child.output().readNBytes(OUTPUT_LIMIT), StandardCharsets.UTF_8);
      return ToolVersion.in(tool, output)
          .orElseThrow(() -> unusable(program, "it does not tell its version", null));
    } catch (IOException failure) {
      throw unusable(program, AgentMain.withCauses(failure), failure);
    }
  }

  private static AgentFailure unusable(
      String program, String problem, @Nullable IOException cause) {
    return new AgentFailure(
        ExitCode.MISCONFIGURED,
        "cannot run the backup tool %s: %s".formatted(program, problem),
        "use an image that has the donor's backup tool, or set MARIADB_BACKUP_PROGRAM or XTRABACKUP_PROGRAM to its path",
        cause);
  }
}
