package mysqlagents.main;

/// How an agent's process ends. The numbers follow `sysexits.h` where it has a fitting one, so that
/// `kubectl describe pod` shows at a glance whose turn it is.
public enum ExitCode {
  OK(0),
  /// A file that has to be there is missing or cannot be read.
  NO_INPUT(66),
  /// A bug of ours: please report it with the log.
  BUG(70),
  /// A file that has to be written cannot be written.
  CANNOT_CREATE(73),
  /// A file or directory cannot be read or written.
  FILES(74),
  /// The outside world failed (network, server, tool); trying again may help, and the container's
  /// restart does so.
  FAILED(75),
  /// The agent refuses, to protect data; a person has to decide.
  REFUSED(77),
  /// A setting is missing or wrong.
  MISCONFIGURED(78);

  private final int value;

  ExitCode(int value) {
    this.value = value;
  }

  public int value() {
    return value;
  }
}
