package mysqlagents.init;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import mysqlagents.settings.Env;
import mysqlagents.settings.PodName;
import mysqlagents.tls.MysqldTlsFiles;
import mysqlagents.tls.TlsSettings;

/// Settings of agent-init.
///
/// @param serverIdBase the server id of ordinal 0
/// @param configMap where the ConfigMap with the roles' files is mounted
/// @param configuration the directory that mysqld includes
/// @param tls the pod's certificate as this agent sees it; empty where TLS is switched off
/// @param mysqldTls the same files as mysqld sees them
record InitSettings(
    PodName pod,
    long serverIdBase,
    Path configMap,
    Path configuration,
    Optional<TlsSettings> tls,
    Optional<MysqldTlsFiles> mysqldTls) {
  /// The protocol's field is 32 bits wide; 0 would mean "no replication" to the server.
  private static final long LARGEST_SERVER_ID = 4_294_967_295L;

  InitSettings {
    if (serverIdBase + pod.ordinal() > LARGEST_SERVER_ID) {
      throw new IllegalArgumentException(
          "SERVER_ID_BASE is '%d'; with the ordinal of %s added the server id would be %d, and the most is %d"
              .formatted(serverIdBase, pod, serverIdBase + pod.ordinal(), LARGEST_SERVER_ID));
    }
  }

  static InitSettings from(Map<String, String> variables) {
    return Env.parse(variables, InitSettings::read);
  }

  private static InitSettings read(Env env) {
    Optional<TlsSettings> tls = TlsSettings.from(env);
    return new InitSettings(
        env.podName(),
        // The example's base: pod 0 is server 100, and 0 is never used.
        env.integer("SERVER_ID_BASE", 1, LARGEST_SERVER_ID, 100),
        env.path("CONFIG_MAP_DIRECTORY", "/mnt/config-map"),
        env.path("CONF_D_DIRECTORY", "/mnt/conf.d"),
        tls,
        MysqldTlsFiles.from(env, tls));
  }

  /// Different for each pod of the set, as replication demands.
  long serverId() {
    return serverIdBase + pod.ordinal();
  }
}
