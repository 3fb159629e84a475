package mysqlagents.main;

import org.jspecify.annotations.Nullable;

/// An end that a person can do something about: what failed and where, and what to do next.
public final class AgentFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final ExitCode exitCode;
  private final String remedy;

  /// @param problem what failed, and where; one sentence without a full stop
  /// @param remedy what to do next
  public AgentFailure(ExitCode exitCode, String problem, String remedy, @Nullable Throwable cause) {
    super(problem, cause);
    this.exitCode = exitCode;
    this.remedy = remedy;
  }

  public AgentFailure(ExitCode exitCode, String problem, String remedy) {
    this(exitCode, problem, remedy, null);
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  public String remedy() {
    return remedy;
  }
}
