package mysqlagents.xbstream;

/// Which tool's chunks a stream is made of. The two share the chunk type `S` for different things.
public enum StreamDialect {
  /// xtrabackup: `S` is a sparse payload.
  PERCONA,
  /// mariadb-backup: `S` is a seek; `R`, `D` and the REWRITE flag exist.
  MARIADB,
  /// Either. The first chunk that only one of them has decides for the rest of the stream.
  DETECT
}
