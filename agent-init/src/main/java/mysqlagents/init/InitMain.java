package mysqlagents.init;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.util.Map;
import mysqlagents.main.AgentFailure;
import mysqlagents.main.AgentMain;

/// The init container that goes first: gives mysqld its server id, its role's configuration and its
/// certificate.
///
/// Safe to repeat: each file is replaced as a whole, and nothing is touched before all that has to
/// be read has been read.
public final class InitMain {
  private static final System.Logger LOG = System.getLogger(InitMain.class.getName());

  private static final String TLS_FILE = "tls.cnf";

  private InitMain() {}

  public static void main(String[] arguments) {
    System.exit(AgentMain.run("agent-init", () -> run(System.getenv())).value());
  }

  static void run(Map<String, String> variables) throws AgentFailure {
    InitSettings settings = InitSettings.from(variables);
    Role role = Role.of(settings.pod());
    ConfigurationDirectory conf = new ConfigurationDirectory(settings.configuration());

    byte[] roleFile = ConfigMap.read(settings.configMap(), role.fileName());
    if (settings.tls().isPresent()) {
      TlsDirectory.requireReadable(settings.tls().get());
    }
    conf.remove(role.other().fileName());
    conf.write("server-id.cnf", ServerConfiguration.serverId(settings.pod(), settings.serverId()));
    conf.write("replication-start.cnf", ServerConfiguration.REPLICATION_START);
    conf.write(role.fileName(), roleFile);
    writeTls(settings, conf);

    LOG.log(
        INFO,
        () ->
            "wrote server-id %d, %s and replication-start.cnf for %s to %s"
                .formatted(
                    settings.serverId(),
                    role.fileName(),
                    settings.pod(),
                    settings.configuration()));
  }

  private static void writeTls(InitSettings settings, ConfigurationDirectory conf)
      throws AgentFailure {
    if (settings.mysqldTls().isPresent()) {
      conf.write(TLS_FILE, ServerConfiguration.tls(settings.pod(), settings.mysqldTls().get()));
      LOG.log(
          INFO,
          () ->
              "wrote %s: mysqld's certificate is %s"
                  .formatted(TLS_FILE, settings.mysqldTls().get().certificate()));
    } else {
      conf.removeOwn(TLS_FILE, ServerConfiguration.MARK);
      LOG.log(
          WARNING,
          () ->
              "TLS=off: mysqld is given no certificate, so replication and passwords cross the"
                  + " network unencrypted");
    }
  }
}
