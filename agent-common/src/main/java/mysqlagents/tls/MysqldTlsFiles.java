package mysqlagents.tls;

import java.nio.file.Path;
import java.util.Optional;
import mysqlagents.settings.Env;

/// The files of a pod's certificate under the paths that mysqld knows them by.
public record MysqldTlsFiles(Path authority, Path certificate, Path key) {
  /// Reads `MYSQLD_TLS_DIRECTORY`.
  ///
  /// @param tls the same files as the agents see them; empty for none at all
  public static Optional<MysqldTlsFiles> from(Env env, Optional<TlsSettings> tls) {
    Optional<Path> elsewhere = env.optional("MYSQLD_TLS_DIRECTORY", Path::of);
    return tls.map(settings -> in(elsewhere.orElse(settings.directory())));
  }

  /// @param directory has the layout of [TlsSettings]
  public static MysqldTlsFiles in(Path directory) {
    TlsSettings layout = new TlsSettings(directory, AllowedSubjects.ANY);
    return new MysqldTlsFiles(layout.authority(), layout.certificate(), layout.key());
  }
}
