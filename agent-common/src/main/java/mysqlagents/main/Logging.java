package mysqlagents.main;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// One line an event on standard error: time, level, text. The JDK's default prints two.
final class Logging {
  /// The pool announces itself, and complains of each connection that a restart of mysqld breaks;
  /// our own lines say it once. Kept here because a logger that nobody holds forgets its level.
  private static final Logger POOL = Logger.getLogger("com.zaxxer.hikari");

  /// Announces each of its parts; one line of ours says on which port it listens.
  private static final Logger HTTP = Logger.getLogger("org.eclipse.jetty");

  private Logging() {}

  static void configure() {
    Logger root = Logger.getLogger("");
    for (var handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    ConsoleHandler console = new ConsoleHandler();
    console.setFormatter(new OneLine());
    console.setLevel(Level.ALL);
    root.addHandler(console);
    root.setLevel(
        Level.parse(
            System.getenv().getOrDefault("LOG_LEVEL", "INFO").equals("DEBUG") ? "FINE" : "INFO"));
    POOL.setLevel(Level.SEVERE);
    HTTP.setLevel(Level.WARNING);
  }

  private static final class OneLine extends Formatter {
    @Override
    public String format(LogRecord event) {
      StringBuilder line =
          new StringBuilder()
              .append(Instant.ofEpochMilli(event.getMillis()).truncatedTo(ChronoUnit.MILLIS))
              .append(' ')
              .append(level(event.getLevel()))
              .append(' ')
              .append(formatMessage(event))
              .append(System.lineSeparator());
      if (event.getThrown() != null) {
        java.io.StringWriter trace = new java.io.StringWriter();
        event.getThrown().printStackTrace(new java.io.PrintWriter(trace));
        line.append(trace);
      }
      return line.toString();
    }

    private static String level(Level level) {
      if (level.intValue() >= Level.SEVERE.intValue()) {
        return "ERROR";
      }
      if (level.intValue() >= Level.WARNING.intValue()) {
        return "WARN";
      }
      return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }
  }
}
